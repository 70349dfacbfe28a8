// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace rollcall::base {

template <class Signature>
class MoveFunction;

/// A callable that is owned once and may hold what cannot be copied (std::function cannot; C++23
/// has std::move_only_function for it). Calling an empty one is a broken contract.
template <class R, class... A>
class MoveFunction<R(A...)> {
 public:
  MoveFunction() = default;

  template <class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, MoveFunction>>>
  MoveFunction(F&& f)  // NOLINT: meant to convert
      : callable_(std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(f))) {}

  R operator()(A... arguments) { return callable_->call(std::forward<A>(arguments)...); }
  explicit operator bool() const { return callable_ != nullptr; }

 private:
  struct Callable {
    virtual ~Callable() = default;
    virtual R call(A... arguments) = 0;
  };
  template <class F>
  struct Holder final : Callable {
    explicit Holder(F f) : function(std::move(f)) {}
    R call(A... arguments) override { return function(std::forward<A>(arguments)...); }
    F function;
  };

  std::unique_ptr<Callable> callable_;
};

using Task = MoveFunction<void()>;

}  // namespace rollcall::base
