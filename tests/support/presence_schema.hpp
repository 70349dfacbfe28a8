// SPDX-License-Identifier: Apache-2.0
// The judge of what we write: the schemas of the RFCs, by another XML library than the server's.
#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

namespace rollcall::tests {

/// The bytes of a file under tests/data/.
inline std::string read_data(const std::string& name) {
  std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/tests/data/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// driver-presence.xsd, loaded once.
class PresenceSchema {
 public:
  static PresenceSchema& instance() {
    static PresenceSchema schema;
    return schema;
  }

  /// "" when `document` is valid, else what libxml2 says about it.
  std::string faults(const std::string& document) {
    faults_.clear();
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> tree(
        xmlReadMemory(document.data(), static_cast<int>(document.size()), "document.xml", nullptr,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        &xmlFreeDoc);
    if (!tree) return "not well-formed";
    const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> context(
        xmlSchemaNewValidCtxt(schema_.get()), &xmlSchemaFreeValidCtxt);
    xmlSchemaSetValidStructuredErrors(context.get(), &PresenceSchema::collect, this);
    const int result = xmlSchemaValidateDoc(context.get(), tree.get());
    if (result != 0 && faults_.empty()) return "not valid";
    return faults_;
  }

 private:
  PresenceSchema() {
    const auto path = std::string(ROLLCALL_SOURCE_DIR) + "/tests/data/xsd/driver-presence.xsd";
    const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
        xmlSchemaNewParserCtxt(path.c_str()), &xmlSchemaFreeParserCtxt);
    schema_.reset(xmlSchemaParse(parser.get()));
  }

  // libxml2 changed the second parameter to const; this fits both.
  template <class Fault>
  static void collect(void* self, Fault* fault) {
    static_cast<PresenceSchema*>(self)->faults_ += fault->message;
  }

  std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema_{nullptr, &xmlSchemaFree};
  std::string faults_;
};

}  // namespace rollcall::tests
