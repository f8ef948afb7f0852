#include "update.hpp"

#include <algorithm>

#include "../team.hpp"

namespace incept::cpu {
namespace {

// As many sums as fill the registers, so that they are the same for every instruction set.
double square_sum(const float* x, std::ptrdiff_t count) {
  constexpr int kSums = 16;
  double sums[kSums] = {};
  for (std::ptrdiff_t i = 0; i < count; i += kSums)
    for (int j = 0; j < kSums; ++j) sums[j] += double(x[i + j]) * double(x[i + j]);
  for (int half = kSums / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) sums[j] += sums[j + half];
  return sums[0];
}

// A formula may make something of the zeros: 0 / 0 without an epsilon.
void clear_padding(const Piece& piece, float* arena) {
  if (arena) std::fill(arena + piece.begin + piece.count, arena + piece.begin + piece.padded, 0.0f);
}

template <class Optimizer>
void update_with(const Optimizer& optimizer, const Member& t, const Table<Piece>& pieces,
                 const Arenas& arenas, const incept_train_numbers& numbers) {
  for (auto [i, end] = share(t, std::ptrdiff_t(pieces.count)); i < end; ++i) {
    const Piece& piece = pieces.rows[i];
    const auto at = [&](auto* arena) { return arena ? arena + piece.begin : nullptr; };
    const Stretch stretch = {piece.padded,
                             at(arenas.parameters),
                             at(arenas.gradients),
                             {at(arenas.moments[0]), at(arenas.moments[1])}};
    optimizer(stretch, {numbers.rate * piece.factors.rate, numbers.decay * piece.factors.decay});
    for (float* arena : {arenas.parameters, arenas.moments[0], arenas.moments[1]})
      clear_padding(piece, arena);
    if (arenas.average)
      follow(piece.padded, numbers.average, stretch.parameters, at(arenas.average));
  }
}

}  // namespace

void square_sums(const Member& t, const Table<Piece>& pieces, const float* gradients,
                 double* sums) {
  for (auto [i, end] = share(t, std::ptrdiff_t(pieces.count)); i < end; ++i)
    sums[i] = square_sum(gradients + pieces.rows[i].begin, pieces.rows[i].padded);
}

void update(const Member& t, const Table<Piece>& pieces, const Arenas& arenas,
            incept_optimizer optimizer, const incept_train_numbers& numbers, double clip) {
  switch (optimizer) {
    case INCEPT_SGD:
      return update_with(Sgd(numbers, clip), t, pieces, arenas, numbers);
    case INCEPT_ADAM:
      return update_with(Adam<false>(numbers, clip), t, pieces, arenas, numbers);
    case INCEPT_ADAMW:
      return update_with(Adam<true>(numbers, clip), t, pieces, arenas, numbers);
    case INCEPT_RMSPROP:
      return update_with(Rmsprop(numbers, clip), t, pieces, arenas, numbers);
  }
}

}  // namespace incept::cpu
