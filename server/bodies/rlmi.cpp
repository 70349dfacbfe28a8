// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <rollcall/bodies/rlmi.hpp>
#include <rollcall/xml/writer.hpp>

#include <fmt/format.h>

namespace rollcall::bodies {

namespace {

/// With the parameters that RFC 4662 §6 shows.
constexpr std::string_view rlmi_content_type = "application/rlmi+xml;charset=\"UTF-8\"";

// A termination must have a reason (§5.5).
constexpr std::string_view reason_unsaid = "noresource";

constexpr std::size_t longest_number = 10;

void write_names(xml::Writer& out, const std::vector<ListName>& names) {
  for (const auto& name : names)
    out.open("name").attribute_if_any("xml:lang", name.language).text(name.text).close();
}

/// The parts of one body behind the root, and their Content-IDs, which the parts only view.
struct Parts {
  std::vector<PartOut> parts;
  std::vector<std::string> ids;
};

/// Makes the bodies of one list, one after the other.
class Packer {
 public:
  Packer(const ListHead& head, std::span<const ListedResource> resources, std::size_t most_bytes)
      : head_(head), resources_(resources), most_bytes_(most_bytes), version_(head.version) {}

  std::vector<ListBody> pack();

 private:
  ListBody full();
  ListBody partial();
  [[nodiscard]] xml::Writer begin(bool full_state) const;
  ListBody finish(xml::Writer out, Parts parts);
  void write_resource(xml::Writer& out, const ListedResource& resource, bool whole, Parts& parts);
  [[nodiscard]] std::size_t head_size() const;
  std::size_t size_of(const ListedResource& resource, bool whole);
  std::string take_content_id() { return fmt::format("{}.{}", next_id_++, head_.cid_tail); }

  const ListHead& head_;
  std::span<const ListedResource> resources_;
  std::size_t most_bytes_;
  std::uint32_t version_;
  std::uint32_t next_id_ = 0;
  std::size_t told_ = 0;  // the first resource whose instances nobody has seen
};

std::vector<ListBody> Packer::pack() {
  std::vector<ListBody> bodies;
  bodies.push_back(head_.full_state ? full() : partial());
  while (told_ < resources_.size())
    bodies.push_back(partial());
  return bodies;
}

/// All resources, as far as they fit; and of these the instances, as far as they fit.
ListBody Packer::full() {
  auto size = head_size();
  std::size_t named = 0;
  for (; named < resources_.size(); ++named) {
    const auto more = size_of(resources_[named], false);
    if (named > 0 && size + more > most_bytes_) break;
    size += more;
  }
  for (; told_ < named; ++told_) {
    const auto more = size_of(resources_[told_], true) - size_of(resources_[told_], false);
    if (size + more > most_bytes_ && (told_ > 0 || named > 1)) break;
    size += more;
  }
  auto out = begin(true);
  Parts parts;
  for (std::size_t i = 0; i < named; ++i)
    write_resource(out, resources_[i], i < told_, parts);
  return finish(std::move(out), std::move(parts));
}

ListBody Packer::partial() {
  auto size = head_size();
  auto out = begin(false);
  Parts parts;
  for (const auto first = told_; told_ < resources_.size(); ++told_) {
    const auto more = size_of(resources_[told_], true);
    if (size + more > most_bytes_ && told_ > first) break;
    size += more;
    write_resource(out, resources_[told_], true, parts);
  }
  return finish(std::move(out), std::move(parts));
}

xml::Writer Packer::begin(bool full_state) const {
  xml::Writer out("list", rlmi_namespace);
  out.attribute("uri", head_.uri)
      .attribute("version", version_)
      .attribute("fullState", full_state ? "true" : "false");
  write_names(out, head_.names);
  return out;
}

ListBody Packer::finish(xml::Writer out, Parts parts) {
  const auto root_id = take_content_id();
  const auto document = out.take();
  for (std::size_t i = 0; i < parts.parts.size(); ++i)
    parts.parts[i].content_id = parts.ids[i];
  parts.parts.insert(parts.parts.begin(), {root_id, rlmi_content_type, document});
  return {write_related(parts.parts, head_.ids), version_++};
}

void Packer::write_resource(xml::Writer& out, const ListedResource& resource, bool whole, Parts& parts) {
  out.open("resource").attribute("uri", resource.uri);
  write_names(out, resource.names);
  for (const auto& instance : resource.instances) {
    if (!whole) break;
    out.open("instance").attribute("id", instance.id).attribute("state", to_string(instance.state));
    if (instance.state == InstanceState::terminated)
      out.attribute("reason", instance.reason.empty() ? reason_unsaid : std::string_view(instance.reason));
    if (!instance.body.empty()) {
      out.attribute("cid", parts.ids.emplace_back(take_content_id()));
      parts.parts.push_back({{}, instance.content_type, instance.body});
    }
    out.close();
  }
  out.close();
}

std::size_t Packer::head_size() const {
  const auto id = fmt::format("{}.{}", UINT32_MAX, head_.cid_tail);
  auto out = begin(false);
  const auto document = out.raw({}).take();  // with an end tag
  return document.size() + longest_number + part_overhead(id, rlmi_content_type) + related_overhead();
}

/// What a resource adds to a body, never less: the numbers in it may become longer.
std::size_t Packer::size_of(const ListedResource& resource, bool whole) {
  const auto next_id = next_id_;
  xml::Writer out("list", rlmi_namespace);
  const auto before = out.raw({}).size();
  Parts parts;
  write_resource(out, resource, whole, parts);
  auto size = out.size() - before;
  for (std::size_t i = 0; i < parts.parts.size(); ++i) {
    const auto& part = parts.parts[i];
    size += part_overhead(parts.ids[i], part.content_type) + part.body.size() + 2 * longest_number;
  }
  next_id_ = next_id;
  return size;
}

}  // namespace

std::string_view to_string(InstanceState state) {
  if (state == InstanceState::active) return "active";
  return state == InstanceState::pending ? "pending" : "terminated";
}

std::vector<ListBody> pack_list(const ListHead& head, std::span<const ListedResource> resources,
                                std::size_t most_bytes) {
  return Packer(head, resources, most_bytes).pack();
}

}  // namespace rollcall::bodies
