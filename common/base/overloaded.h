// One lambda for each alternative of a variant.
#pragma once

namespace trunkbox {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace trunkbox
