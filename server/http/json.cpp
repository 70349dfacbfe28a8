// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <rollcall/http/json.hpp>
#include <rollcall/http/text.hpp>

#include <Poco/Exception.h>
#include <Poco/JSON/Handler.h>
#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

namespace rollcall::http::json {

namespace {

constexpr std::size_t deepest = 16;

/// Builds our value from what the parser of POCO reports, piece by piece.
class Builder : public Poco::JSON::Handler {
 public:
  void reset() override {}
  void startObject() override { open(Object{}); }
  void endObject() override { close(); }
  void startArray() override { open(Array{}); }
  void endArray() override { close(); }
  void null() override { put(nullptr); }
  void value(int v) override { put(std::int64_t{v}); }
  void value(unsigned v) override { put(std::int64_t{v}); }
  void value(Poco::Int64 v) override { put(std::int64_t{v}); }
  void value(Poco::UInt64 v) override {
    if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      refuse("number is too large");
    put(static_cast<std::int64_t>(v));
  }
  void value(double v) override {
    if (!std::isfinite(v)) refuse("number is too large");
    put(v);
  }
  void value(bool v) override { put(v); }
  void value(const std::string& v) override {
    if (!is_clean_text(v)) refuse("must be valid UTF-8 without NUL");
    put(v);
  }
  void key(const std::string& name) override {
    for (const Member& member : std::get<Object>(open_.back().container))
      if (member.first == name) refuse(fmt::format("member \"{}\" comes twice", name));
    if (!is_clean_text(name)) refuse("a name must be valid UTF-8 without NUL");
    open_.back().name = name;
  }

  [[nodiscard]] const Value& result() const { return result_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }
  /// The member that is being read: "rows.name" inside of others.
  [[nodiscard]] std::string field() const {
    std::string path;
    for (const Open& level : open_) {
      if (level.name.empty()) continue;
      if (!path.empty()) path += '.';
      path += level.name;
    }
    return path;
  }

 private:
  struct Open {
    std::variant<Object, Array> container;
    std::string name;  // of the member whose value comes next
  };

  template <class Container>
  void open(Container container) {
    if (open_.size() == deepest) refuse("too many levels");
    open_.push_back({std::move(container), ""});
  }
  void close() {
    auto container = std::move(open_.back().container);
    open_.pop_back();
    std::visit([this](auto& it) { put(std::move(it)); }, container);
  }
  void put(Value value) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (auto* array = std::get_if<Array>(&open_.back().container)) {
      array->push_back(std::move(value));
    } else {
      std::get<Object>(open_.back().container).emplace_back(std::move(open_.back().name), std::move(value));
      open_.back().name.clear();
    }
  }
  [[noreturn]] void refuse(std::string detail) {
    detail_ = std::move(detail);
    throw Poco::DataFormatException(detail_);
  }

  std::vector<Open> open_;
  Value result_;
  std::string detail_;
};

void write_text(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length_at(text, at);
    const auto c = static_cast<unsigned char>(text[at]);
    if (length == 0) {
      out += "\xef\xbf\xbd";
    } else if (c == '"' || c == '\\') {
      out += {'\\', static_cast<char>(c)};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", c);
    } else {
      out += text.substr(at, length);
    }
    at += length == 0 ? 1 : length;
  }
  out += '"';
}

struct Writer {
  std::string& out;

  void operator()(std::nullptr_t) const { out += "null"; }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
  void operator()(std::int64_t number) const { out += fmt::format("{}", number); }
  void operator()(double number) const { out += std::isfinite(number) ? fmt::format("{}", number) : "null"; }
  void operator()(const std::string& text) const { write_text(out, text); }
  void operator()(const Array& array) const {
    out += '[';
    for (const Value& value : array) {
      if (&value != array.data()) out += ',';
      value.visit(*this);
    }
    out += ']';
  }
  void operator()(const Object& object) const {
    out += '{';
    for (const Member& member : object) {
      if (&member != object.data()) out += ',';
      write_text(out, member.first);
      out += ':';
      member.second.visit(*this);
    }
    out += '}';
  }
};

}  // namespace

const Value* Value::find(std::string_view name) const {
  const Object* object = as<Object>();
  if (object == nullptr) return nullptr;
  for (const Member& member : *object)
    if (member.first == name) return &member.second;
  return nullptr;
}

const Value& Value::at(std::string_view name) const {
  const Value* found = find(name);
  if (found == nullptr) throw std::out_of_range("no member " + std::string(name));
  return *found;
}

bool operator==(const Value& a, const Value& b) {
  return a.side_ == b.side_;
}

std::variant<Value, Fault> parse(const std::string& text) {
  Poco::SharedPtr<Builder> builder(new Builder);
  Poco::JSON::Parser parser(builder);
  parser.setAllowComments(false);
  parser.setAllowNullByte(true);  // the builder refuses it, and can say where
  try {
    parser.parse(text);
    return builder->result();
  } catch (const Poco::Exception& error) {
    if (!builder->detail().empty()) return Fault{builder->field(), builder->detail()};
    return Fault{builder->field(), "is not valid JSON: " + error.message()};
  }
}

std::string write(const Value& value) {
  std::string out;
  value.visit(Writer{out});
  return out;
}

}  // namespace rollcall::http::json
