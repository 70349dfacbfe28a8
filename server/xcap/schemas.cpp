// SPDX-License-Identifier: Apache-2.0
#include "declared_names.hpp"
#include "embedded_schemas.hpp"
#include "encoding.hpp"
#include "namespaces.hpp"
#include "uniqueness.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include <rollcall/xcap/schemas.hpp>

#include <libxml/parser.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlschemas.h>

namespace rollcall::xcap {

namespace {

// Schemas import each other by relative names, so the embedded ones need a place to be relative to.
constexpr std::string_view place = "rollcall-schema:/";
constexpr std::size_t longest_fault = 200;
// A document is read in pieces, and not on past a piece with a fault: each fault costs something.
constexpr std::size_t piece = 16'384;

template <class T, void (*Free)(T*)>
struct Freeing {
  void operator()(T* object) const { Free(object); }
};
using Parser = std::unique_ptr<xmlParserCtxt, Freeing<xmlParserCtxt, xmlFreeParserCtxt>>;
using Schema = std::unique_ptr<xmlSchema, Freeing<xmlSchema, xmlSchemaFree>>;
using SchemaReader =
    std::unique_ptr<xmlSchemaParserCtxt, Freeing<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt>>;
using Validation = std::unique_ptr<xmlSchemaValidCtxt, Freeing<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt>>;

/// How libxml2 reads an embedded file: the rest of it.
int match_embedded(const char* uri) {
  return std::string_view(uri).starts_with(place) ? 1 : 0;
}

void* open_embedded(const char* uri) {
  const auto name = std::string_view(uri).substr(place.size());
  for (const auto& schema : embedded_schemas())
    if (schema.name == name) return new std::string_view(schema.text);
  return nullptr;
}

int read_embedded(void* context, char* buffer, int size) {
  auto& rest = *static_cast<std::string_view*>(context);
  const auto count = std::min(rest.size(), static_cast<std::size_t>(size));
  std::memcpy(buffer, rest.data(), count);
  rest.remove_prefix(count);
  return static_cast<int>(count);
}

int close_embedded(void* context) {
  delete static_cast<std::string_view*>(context);
  return 0;
}

/// libxml2 keeps such readers for the whole process; ours answers to our place alone.
void prepare_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlRegisterInputCallbacks(match_embedded, open_embedded, read_embedded, close_embedded);
  });
}

/// Takes the first thing that libxml2 says. A template since it changed the type to a const one.
template <class Fault>
void keep_first(void* target, Fault* fault) {
  auto& said = *static_cast<std::string*>(target);
  if (!said.empty()) return;
  said = xml::trim(fault->message ? fault->message : "not valid");
  if (said.size() > longest_fault) said.resize(longest_fault);
  while (!is_utf8(said))
    said.pop_back();
}

Schema compile() {
  prepare_library();
  std::string driver(place);
  driver += "driver.xsd";
  const SchemaReader reader(xmlSchemaNewParserCtxt(driver.c_str()));
  std::string said;
  xmlSchemaSetParserStructuredErrors(reader.get(), keep_first, &said);
  Schema schema(xmlSchemaParse(reader.get()));
  if (!schema) throw std::runtime_error("the schemas of XCAP documents: " + said);
  return schema;
}

DeclaredNames read_names() {
  DeclaredNames names;
  for (const auto& schema : embedded_schemas()) {
    const auto document = Document::parse(std::string(schema.text), {schema.text.size(), 100});
    if (!document) throw std::runtime_error("a schema of XCAP documents: " + document.error().detail);
    names.add(*document);
  }
  return names;
}

/// The first element or attribute that its namespace does not have.
std::optional<std::string> undeclared(const Document& document, const DeclaredNames& names) {
  for (Document::Index i = 0; i < document.size(); ++i) {
    if (!names.may_be_element(document.element(i).expanded))
      return "an element is not in the schema of its namespace";
    for (const auto& attribute : document.attributes(i))
      if (!names.may_be_attribute(attribute.expanded))
        return "an attribute is not in the schema of its namespace";
  }
  return std::nullopt;
}

/// Attributes of type xs:ID: those called id, but for two that name a person in a policy.
bool has_id(ExpandedName element, const DeclaredNames& names) {
  const bool is_person =
      element.namespace_uri == policy_namespace && (element.local == "one" || element.local == "except");
  return names.knows(element.namespace_uri) && !is_person;
}

/// libxml2 looks at the form of ids alone, when it does not build a tree.
std::optional<std::string> repeated_id(const Document& document, const DeclaredNames& names) {
  TextSet seen;
  for (Document::Index i = 0; i < document.size(); ++i) {
    const auto id = document.value(i, "id");
    if (!id || !has_id(document.element(i).expanded, names)) continue;
    if (!seen.emplace(xml::trim(*id)).second) return "an id stands twice in the document";
  }
  return std::nullopt;
}

/// A validation that listens to a parser.
class Listening {
 public:
  Listening(xmlSchemaValidCtxt* validation, xmlParserCtxt* parser)
      : plug_(xmlSchemaSAXPlug(validation, &parser->sax, &parser->userData)) {}
  ~Listening() {
    if (plug_) xmlSchemaSAXUnplug(plug_);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  explicit operator bool() const { return plug_ != nullptr; }

 private:
  xmlSchemaSAXPlugPtr plug_;
};

/// "" when the schemas allow the document. No tree is built.
std::string validate(xmlSchema* schema, const std::string& text) {
  // The guard has seen the text: no DOCTYPE, no entities, bounded, and UTF-8 whatever it says.
  constexpr int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
  xmlSAXHandler silent{};
  silent.initialized = XML_SAX2_MAGIC;
  const Parser parser(xmlCreatePushParserCtxt(&silent, nullptr, nullptr, 0, "document.xml"));
  const Validation validation(xmlSchemaNewValidCtxt(schema));
  std::string said;
  if (!parser || !validation) return "the document cannot be validated";
  xmlCtxtUseOptions(parser.get(), options);
  xmlSchemaSetValidStructuredErrors(validation.get(), keep_first, &said);
  const Listening listening(validation.get(), parser.get());
  if (!listening) return "the document cannot be validated";
  for (std::size_t at = 0; at < text.size() && said.empty(); at += piece) {
    const auto size = std::min(piece, text.size() - at);
    const bool is_last = at + size == text.size();
    if (xmlParseChunk(parser.get(), text.data() + at, static_cast<int>(size), is_last ? 1 : 0) != 0)
      return "the document cannot be read";
  }
  if (said.empty() && xmlSchemaIsValid(validation.get()) != 1) return "not valid";
  return said;
}

}  // namespace

struct Schemas::Compiled {
  Schema schema = compile();
  DeclaredNames names = read_names();
};

Schemas::Schemas() : compiled_(std::make_unique<const Compiled>()) {}

Schemas::~Schemas() = default;

std::optional<std::string> Schemas::fault(const Document& document) const {
  auto said = validate(compiled_->schema.get(), document.text());
  if (!said.empty()) return said;
  if (auto fault = undeclared(document, compiled_->names)) return fault;
  return repeated_id(document, compiled_->names);
}

const std::vector<std::string>& Schemas::namespaces() const {
  return compiled_->names.namespaces();
}

}  // namespace rollcall::xcap
