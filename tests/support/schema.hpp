// SPDX-License-Identifier: Apache-2.0
// The judge of what we write: the schemas of the RFCs, by another XML library than the server's.
#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

namespace rollcall::tests {

/// The bytes of a file under tests/data/.
inline std::string read_data(const std::string& name) {
  std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/tests/data/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

using XmlTree = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

inline XmlTree read_tree(const std::string& document) {
  return {xmlReadMemory(document.data(), static_cast<int>(document.size()), "document.xml", nullptr,
                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
          &xmlFreeDoc};
}

/// Canonical XML 1.0 with comments; "" for what is not well-formed.
inline std::string canonical(const std::string& document) {
  const auto tree = read_tree(document);
  if (!tree) return {};
  xmlChar* bytes = nullptr;
  const int size = xmlC14NDocDumpMemory(tree.get(), nullptr, XML_C14N_1_0, nullptr, 1, &bytes);
  std::string text(reinterpret_cast<const char*>(bytes), size > 0 ? static_cast<std::size_t>(size) : 0);
  xmlFree(bytes);
  return text;
}

/// One schema of tests/data/xsd/.
class Schema {
 public:
  explicit Schema(const std::string& name) {
    const auto path = std::string(ROLLCALL_SOURCE_DIR) + "/tests/data/xsd/" + name;
    const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
        xmlSchemaNewParserCtxt(path.c_str()), &xmlSchemaFreeParserCtxt);
    schema_.reset(xmlSchemaParse(parser.get()));
  }

  /// "" when `document` is valid, else what libxml2 says about it.
  std::string faults(const std::string& document) {
    faults_.clear();
    const auto tree = read_tree(document);
    if (!tree) return "not well-formed";
    if (!schema_) return "no schema";
    const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> context(
        xmlSchemaNewValidCtxt(schema_.get()), &xmlSchemaFreeValidCtxt);
    xmlSchemaSetValidStructuredErrors(context.get(), &Schema::collect, this);
    const int result = xmlSchemaValidateDoc(context.get(), tree.get());
    if (result != 0 && faults_.empty()) return "not valid";
    return faults_;
  }

 private:
  // libxml2 changed the second parameter to const; this fits both.
  template <class Fault>
  static void collect(void* self, Fault* fault) {
    static_cast<Schema*>(self)->faults_ += fault->message;
  }

  std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema_{nullptr, &xmlSchemaFree};
  std::string faults_;
};

}  // namespace rollcall::tests
