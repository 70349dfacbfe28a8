// SPDX-License-Identifier: Apache-2.0
// The columns of every table. Order and names are those of schema/, the key first.
#include "codec.hpp"
#include "table.hpp"

namespace rollcall::storage {

using model::Binding, model::Device, model::Document, model::Domain, model::Publication,
    model::RefreshBinding, model::RefreshPublication, model::RefreshSubscription, model::StoredMessage,
    model::Subscription, model::User, model::WaitingWatcher;

namespace {

template <class C, class M>
C class_of(M C::*);
template <class C, class M>
M member_of(M C::*);

// A column that keeps row.*Member.
template <auto Member, class Kept = Codec<decltype(member_of(Member))>>
constexpr auto column(const char* name) {
  using Row = decltype(class_of(Member));
  return Column<Row>{name, Kept::type, [](Array& out, const Row& row) { Kept::write(out, row.*Member); },
                     [](std::string_view text, Row& row) { return Kept::read(text, row.*Member); }};
}

// A column that keeps row.*Outer.*Member.
template <auto Outer, auto Member>
constexpr auto nested(const char* name) {
  using Row = decltype(class_of(Outer));
  using Kept = Codec<decltype(member_of(Member))>;
  return Column<Row>{name, Kept::type,
                     [](Array& out, const Row& row) { Kept::write(out, row.*Outer.*Member); },
                     [](std::string_view text, Row& row) { return Kept::read(text, row.*Outer.*Member); }};
}

template <auto Member>
constexpr auto dialog(const char* name) {
  return nested<&Subscription::dialog, Member>(name);
}

constexpr Column<Domain> domain_columns[] = {
    column<&Domain::name>("name"),
    column<&Domain::created>("created"),
};

constexpr Column<User> user_columns[] = {
    column<&User::aor>("aor"),
    column<&User::display_name>("display_name"),
    nested<&User::ha1, &sip::Ha1::md5>("ha1_md5"),
    nested<&User::ha1, &sip::Ha1::sha256>("ha1_sha256"),
    column<&User::enabled>("enabled"),
    column<&User::created>("created"),
    column<&User::updated>("updated"),
};

constexpr Column<Binding> binding_columns[] = {
    column<&Binding::aor>("aor"),
    column<&Binding::id>("id"),
    column<&Binding::contact>("contact"),
    column<&Binding::parameters>("parameters"),
    column<&Binding::instance>("instance"),
    column<&Binding::reg_id>("reg_id"),
    column<&Binding::call_id>("call_id"),
    column<&Binding::cseq>("cseq"),
    column<&Binding::q>("q"),
    column<&Binding::path>("path"),
    column<&Binding::flow>("flow"),
    column<&Binding::behind_nat>("behind_nat"),
    column<&Binding::user_agent>("user_agent"),
    column<&Binding::allow>("allow"),
    column<&Binding::accept>("accept"),
    column<&Binding::updated>("updated"),
    column<&Binding::expires>("expires"),
};

constexpr Column<Device> device_columns[] = {
    column<&Device::user>("aor"),
    column<&Device::device>("device"),
    column<&Device::seen>("seen"),
};

constexpr Column<Publication> publication_columns[] = {
    column<&Publication::aor>("aor"),
    column<&Publication::id>("id"),
    column<&Publication::event>("event"),
    column<&Publication::entity_tag>("entity_tag"),
    column<&Publication::device>("device"),
    column<&Publication::content_type>("content_type"),
    column<&Publication::body, BytesCodec>("body"),
    column<&Publication::published>("published"),
    column<&Publication::expires>("expires"),
};

constexpr Column<Subscription> subscription_columns[] = {
    column<&Subscription::presentity>("presentity"),
    column<&Subscription::id>("id"),
    column<&Subscription::event>("event"),
    column<&Subscription::event_id>("event_id"),
    column<&Subscription::state>("state"),
    column<&Subscription::watcher>("watcher"),
    dialog<&sip::Dialog::call_id>("call_id"),
    dialog<&sip::Dialog::local_tag>("local_tag"),
    dialog<&sip::Dialog::remote_tag>("remote_tag"),
    dialog<&sip::Dialog::local_uri>("local_uri"),
    dialog<&sip::Dialog::remote_uri>("remote_uri"),
    dialog<&sip::Dialog::remote_target>("remote_target"),
    dialog<&sip::Dialog::route_set>("route_set"),
    dialog<&sip::Dialog::local_cseq>("local_cseq"),
    dialog<&sip::Dialog::remote_cseq>("remote_cseq"),
    column<&Subscription::flow>("flow"),
    column<&Subscription::behind_nat>("behind_nat"),
    column<&Subscription::accept>("accept"),
    column<&Subscription::user_agent>("user_agent"),
    column<&Subscription::instance>("instance"),
    column<&Subscription::list>("list"),
    column<&Subscription::resources>("resources"),
    column<&Subscription::run>("run"),
    column<&Subscription::created>("created"),
    column<&Subscription::expires>("expires"),
};

constexpr Column<WaitingWatcher> waiting_watcher_columns[] = {
    column<&WaitingWatcher::presentity>("presentity"), column<&WaitingWatcher::watcher>("watcher"),
    column<&WaitingWatcher::event>("event"),           column<&WaitingWatcher::since>("since"),
    column<&WaitingWatcher::expires>("expires"),
};

constexpr Column<Document> document_columns[] = {
    column<&Document::owner>("owner"),     column<&Document::path>("path"),
    column<&Document::etag>("etag"),       column<&Document::body>("body"),
    column<&Document::updated>("updated"), column<&Document::services>("services"),
};

constexpr Column<RefreshBinding> binding_refresh_columns[] = {
    column<&RefreshBinding::aor>("aor"),         column<&RefreshBinding::id>("id"),
    column<&RefreshBinding::cseq>("cseq"),       column<&RefreshBinding::updated>("updated"),
    column<&RefreshBinding::expires>("expires"),
};

constexpr Column<RefreshPublication> publication_refresh_columns[] = {
    column<&RefreshPublication::aor>("aor"),
    column<&RefreshPublication::id>("id"),
    column<&RefreshPublication::entity_tag>("entity_tag"),
    column<&RefreshPublication::expires>("expires"),
};

constexpr Column<RefreshSubscription> subscription_refresh_columns[] = {
    column<&RefreshSubscription::presentity>("presentity"),
    column<&RefreshSubscription::id>("id"),
    column<&RefreshSubscription::local_cseq>("local_cseq"),
    column<&RefreshSubscription::remote_cseq>("remote_cseq"),
    column<&RefreshSubscription::run>("run"),
    column<&RefreshSubscription::expires>("expires"),
};

constexpr Column<StoredMessage> message_columns[] = {
    column<&StoredMessage::receiver>("receiver"),
    column<&StoredMessage::id>("id"),
    column<&StoredMessage::from>("sender"),
    column<&StoredMessage::to>("recipient"),
    column<&StoredMessage::content_type>("content_type"),
    column<&StoredMessage::headers>("headers"),
    column<&StoredMessage::body, BytesCodec>("body"),
    column<&StoredMessage::fingerprint>("fingerprint"),
    column<&StoredMessage::stored>("stored"),
    column<&StoredMessage::expires>("expires"),
    column<&StoredMessage::devices>("devices"),
};

}  // namespace

constexpr Table<Domain> domains_table{"domains", 1, domain_columns};
constexpr Table<User> users_table{"users", 1, user_columns};
constexpr Table<Binding> bindings_table{"bindings", 2, binding_columns};
constexpr Table<Device> devices_table{"devices", 2, device_columns};
constexpr Table<Publication> publications_table{"publications", 2, publication_columns};
constexpr Table<Subscription> subscriptions_table{"subscriptions", 2, subscription_columns};
constexpr Table<WaitingWatcher> waiting_watchers_table{"waiting_watchers", 3, waiting_watcher_columns};
constexpr Table<Document> documents_table{"documents", 2, document_columns};
constexpr Table<StoredMessage> messages_table{"messages", 2, message_columns};

constexpr Table<RefreshBinding> bindings_refresh{"bindings", 2, binding_refresh_columns};
constexpr Table<RefreshPublication> publications_refresh{"publications", 2, publication_refresh_columns};
constexpr Table<RefreshSubscription> subscriptions_refresh{"subscriptions", 2, subscription_refresh_columns};

}  // namespace rollcall::storage
