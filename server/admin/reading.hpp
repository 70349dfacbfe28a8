// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/engine/readers.hpp>

namespace rollcall::admin {

/// Runs a question to the database on a reader's thread and waits for its answer. Error unavailable:
/// none came in time.
template <class T, class Question>
base::Result<T> read(engine::Readers& readers, Question question,
                     base::Duration patience = std::chrono::seconds(5)) {
  // Shared: the one who waits may give up before the one who answers.
  auto promise = std::make_shared<std::promise<base::Result<T>>>();
  auto answer = promise->get_future();
  readers.post([promise = std::move(promise), question = std::move(question)](
                   engine::Queries& queries) mutable { promise->set_value(question(queries)); });
  if (answer.wait_for(patience) != std::future_status::ready)
    return base::unavailable("the database did not answer in time");
  try {
    return answer.get();
  } catch (const std::future_error&) {
    return base::unavailable("the server is stopping");  // the readers dropped the question
  }
}

}  // namespace rollcall::admin
