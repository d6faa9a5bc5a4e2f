// SPDX-License-Identifier: MIT
#include "partial/merge.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/random_tree.h"
#include "tests/helpers/tree.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using base::Int128;
using partial::MergeError;
using partial::MergeStatus;
using partial::Tree;
using test::tree_of;

namespace {

// The error that adding gives; then `into` must be as before.
MergeStatus failure(const std::string& into, const std::string& other) {
  Tree tree = tree_of(into);
  const std::string before = partial::canonical(tree);
  MergeStatus status = partial::merge(tree, tree_of(other));
  if (!status.ok()) CHECK(partial::canonical(tree) == before);
  return status;
}

std::string sum(const std::string& into, const std::string& other) {
  Tree tree = tree_of(into);
  const MergeStatus status = partial::merge(tree, tree_of(other));
  CHECK(status.ok());
  CHECK(status.path == "");
  return partial::canonical(tree);
}

const char* name(MergeError error) {
  return error == MergeError::kNone ? "" : error == MergeError::kMismatch ? "mismatch" : "range";
}

struct Outcome {
  MergeError error = MergeError::kNone;
  Tree tree;
};

// Every grouping of parts[begin, end), in their order.
void for_each_grouping(const std::vector<Tree>& parts, std::size_t begin, std::size_t end,
                       std::vector<Outcome>& out) {
  if (end - begin == 1) {
    out.push_back({MergeError::kNone, parts[begin]});
    return;
  }
  for (std::size_t middle = begin + 1; middle < end; ++middle) {
    std::vector<Outcome> left;
    std::vector<Outcome> right;
    for_each_grouping(parts, begin, middle, left);
    for_each_grouping(parts, middle, end, right);
    for (const Outcome& a : left) {
      for (const Outcome& b : right) {
        Outcome both = a;
        if (both.error == MergeError::kNone) both.error = b.error;
        if (both.error == MergeError::kNone) both.error = partial::merge(both.tree, b.tree).error;
        out.push_back(std::move(both));
      }
    }
  }
}

// The numbers of a tree by their paths.
void flatten(const Tree& tree, partial::Node node, const std::string& path,
             std::map<std::string, Int128>& out) {
  for (std::size_t i = 0; i < tree.size(node); ++i) {
    const Tree::Member member = tree.member(node, i);
    const std::string below = path + "\n" + std::string(member.key);
    flatten(tree, member.node, below, out);
    const partial::Kind kind = tree.kind(member.node);
    if (kind == partial::Kind::kInteger) out[below] = tree.integer(member.node);
    if (kind == partial::Kind::kPair) out[below + " (sum)"] = tree.sum(member.node);
  }
}
std::map<std::string, Int128> flatten(const Tree& tree) {
  std::map<std::string, Int128> out;
  flatten(tree, tree.root(), "", out);
  return out;
}

}  // namespace

TEST_CASE("merging passes its vectors in every order and grouping", "[partial][vectors]") {
  std::size_t merged = 0;
  for (const test::Json& one : test::read_vectors("merge_partials")) {
    const auto texts = one.at("input").at("partials").get<std::vector<std::string>>();
    // The empty list gives the empty partial, which has a head: no matter of merging.
    if (texts.empty()) continue;
    INFO(one.at("id"));
    std::vector<std::size_t> order(texts.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
      std::vector<Tree> parts;
      for (const std::size_t i : order) parts.push_back(tree_of(texts[i]));
      std::vector<Outcome> outcomes;
      if (parts.size() <= 4) {
        for_each_grouping(parts, 0, parts.size(), outcomes);
      } else {
        Outcome all;
        for (const Tree& part : parts) REQUIRE(partial::merge(all.tree, part).ok());
        outcomes.push_back(std::move(all));
      }
      for (const Outcome& outcome : outcomes) {
        const test::Json& expected = one.at("expected");
        if (expected.contains("error")) {
          REQUIRE(name(outcome.error) == expected.at("error"));
        } else {
          REQUIRE(outcome.error == MergeError::kNone);
          REQUIRE(partial::canonical(outcome.tree) == expected.at("canonical"));
        }
        ++merged;
      }
    } while (std::next_permutation(order.begin(), order.end()));
  }
  CHECK(merged > 100);
}

TEST_CASE("the parts of a log add up to the whole, byte for byte", "[partial][vectors]") {
  for (const char* const log : {"log_tiny", "log_small", "log_tabs"}) {
    const test::Json cases = test::read_vectors(std::string(log) + ".partials").at("cases");
    REQUIRE_FALSE(cases.empty());
    for (const test::Json& one : cases) {
      std::vector<std::size_t> order = {0, 1, 2};
      do {
        Tree all;
        for (const std::size_t i : order) {
          REQUIRE(partial::merge(all, tree_of(one.at("partials").at(i))).ok());
        }
        CHECK(partial::canonical(all) == one.at("merged"));
      } while (std::next_permutation(order.begin(), order.end()));
    }
  }
}

TEST_CASE("merging random partials adds every value, in any order and grouping", "[partial]") {
  test::Random random(21);
  for (int i = 0; i < 300; ++i) {
    const Tree a = test::random_tree(random);
    const Tree b = test::random_tree(random);
    const Tree c = test::random_tree(random);
    Tree ab = a;
    REQUIRE(partial::merge(ab, b).ok());
    std::map<std::string, Int128> expected = flatten(a);
    for (const auto& [path, value] : flatten(b)) {
      const bool is_least = path.ends_with("\nspec_time_ms_min") && expected.contains(path);
      if (is_least) {
        expected[path] = std::min(expected[path], value);
      } else if (path == "\nversion") {
        expected[path] = value;
      } else if ((expected[path] += value) == 0) {
        expected.erase(path);
      }
    }
    CHECK(flatten(ab) == expected);

    Tree ba = b;
    REQUIRE(partial::merge(ba, a).ok());
    CHECK(partial::canonical(ab) == partial::canonical(ba));
    REQUIRE(partial::merge(ab, c).ok());
    Tree bc = b;
    REQUIRE(partial::merge(bc, c).ok());
    Tree a_bc = a;
    REQUIRE(partial::merge(a_bc, bc).ok());
    CHECK(partial::canonical(ab) == partial::canonical(a_bc));
    // A merged tree is as good as one that was read.
    CHECK(partial::canonical(tree_of(partial::canonical(ab))) == partial::canonical(ab));
  }
}

TEST_CASE("the empty tree is neutral", "[partial]") {
  test::Random random(22);
  const Tree tree = test::random_tree(random);
  Tree left;
  REQUIRE(partial::merge(left, tree).ok());
  CHECK(partial::canonical(left) == partial::canonical(tree));
  Tree right = tree;
  REQUIRE(partial::merge(right, Tree()).ok());
  CHECK(partial::canonical(right) == partial::canonical(tree));
  // Nothing said is nothing, however it is written.
  CHECK(sum(R"({"version":0,"kpis":{}})", R"({"segment":"a=b"})") == R"({"segment":"a=b"})");
}

TEST_CASE("a partial can be added to itself", "[partial]") {
  Tree tree = tree_of(R"({"a":{"n":3,"spec_time_ms_min":5,"s":[0,4294967295]},"version":1})");
  REQUIRE(partial::merge(tree, tree).ok());
  CHECK(partial::canonical(tree) ==
        R"({"a":{"n":6,"s":[1,4294967294],"spec_time_ms_min":5},"version":1})");
}

TEST_CASE("what cancels is gone, and its place is free for anything", "[partial]") {
  CHECK(sum(R"({"a":{"b":{"c":1,"d":[-1,4294967295]}},"n":1})",
            R"({"a":{"b":{"c":-1,"d":[0,1]}}})") == R"({"n":1})");
  Tree tree = tree_of(R"({"a":{"b":1},"n":1})");
  REQUIRE(partial::merge(tree, tree_of(R"({"a":{"b":-1}})")).ok());
  CHECK(tree.find(tree.root(), "a") == partial::kNoNode);
  REQUIRE(partial::merge(tree, tree_of(R"({"a":[1,2]})")).ok());
  CHECK(partial::canonical(tree) == R"({"a":[1,2],"n":1})");
}

TEST_CASE("other version, options or segment are refused, absent ones too", "[partial]") {
  const std::string base = R"({"version":1,"options":"{}","segment":"a=b","kpis":{"n":1}})";
  const auto path_of = [&](const std::string& other) {
    const MergeStatus status = failure(base, other);
    CHECK(status.error == MergeError::kMismatch);
    CHECK(failure(other, base).path == status.path);
    return status.path;
  };
  CHECK(path_of(R"({"version":2,"options":"{}","segment":"a=b"})") == "/version");
  CHECK(path_of(R"({"version":"1","options":"{}","segment":"a=b"})") == "/version");
  CHECK(path_of(R"({"version":1,"options":"{ }","segment":"a=b"})") == "/options");
  CHECK(path_of(R"({"version":1,"options":"{}"})") == "/segment");
  CHECK(path_of(R"({"kpis":{"n":1}})") == "/version");
  // An object is never a head, even the same one.
  CHECK(failure(R"({"options":{"a":1}})", R"({"options":{"a":1}})").path == "/options");
  // Only at the root; elsewhere they are names like any other.
  CHECK(sum(R"({"tasks":{"version":1}})", R"({"tasks":{"version":2}})") ==
        R"({"tasks":{"version":3}})");
}

TEST_CASE("values of different kinds are refused with their path", "[partial]") {
  const std::vector<std::string> kinds = {"1", "[0,1]", R"({"x":1})", R"("x")"};
  for (const std::string& a : kinds) {
    for (const std::string& b : kinds) {
      const MergeStatus status = failure(R"({"a":{"b/~c":)" + a + "},\"z\":1}",
                                         R"({"a":{"0":1,"b/~c":)" + b + "},\"y\":1}");
      INFO(a << " and " << b);
      CHECK(status.error == (a == b ? MergeError::kNone : MergeError::kMismatch));
      CHECK(status.path == (a == b ? "" : "/a/b~1~0c"));
    }
  }
  CHECK(failure(R"({"a":{"t":"x"}})", R"({"a":{"t":"y"}})").path == "/a/t");
}

TEST_CASE("sums may reach the end of their range and not leave it", "[partial]") {
  CHECK(sum(R"({"a":9007199254740991})", R"({"a":1})") == R"({"a":9007199254740992})");
  CHECK(sum(R"({"a":-9007199254740991})", R"({"a":-1})") == R"({"a":-9007199254740992})");
  CHECK(sum(R"({"a":[9007199254740991,4294967294]})", R"({"a":[0,1]})") ==
        R"({"a":[9007199254740991,4294967295]})");
  CHECK(sum(R"({"a":[-9007199254740992,2]})", R"({"a":[-1,4294967295]})") ==
        R"({"a":[-9007199254740992,1]})");
  const auto is_out = [](const std::string& a, const std::string& b) {
    // What comes before it in both is not added either.
    const MergeStatus status =
        failure(R"({"A":1,"o":{"a":)" + a + "}}", R"({"0":1,"A":1,"o":{"a":)" + b + "}}");
    return status.error == MergeError::kRange && status.path == "/o/a";
  };
  CHECK(is_out("9007199254740992", "1"));
  CHECK(is_out("-9007199254740992", "-1"));
  CHECK(is_out("[9007199254740991,4294967295]", "[0,1]"));
  CHECK(is_out("[-9007199254740992,1]", "[-1,4294967295]"));
}

TEST_CASE("a target that grows keeps all its members in order", "[partial]") {
  test::Random random(23);
  Tree all;
  std::map<std::string, Int128> expected;
  for (int i = 0; i < 400; ++i) {
    Tree part;
    const partial::Node cells = part.add_object(part.root(), "cells");
    std::map<std::string, std::int64_t> values;
    for (int j = 0; j < 20; ++j) {
      const std::string key =
          std::to_string(random.below(60)) + "," + std::to_string(random.below(60));
      values[key] = static_cast<std::int64_t>(random.below(9)) - 4;
    }
    for (const auto& [key, value] : values) {
      part.add_integer(cells, key, value);
      Int128& total = expected["\ncells\n" + key];
      total += value;
      if (total == 0) expected.erase("\ncells\n" + key);
    }
    REQUIRE(part.finish());
    REQUIRE(partial::merge(all, part).ok());
  }
  CHECK(flatten(all) == expected);
  REQUIRE(expected.size() > 1000);
  const partial::Node cells = all.find(all.root(), "cells");
  for (std::size_t i = 1; i < all.size(cells); ++i) {
    REQUIRE(all.member(cells, i - 1).key < all.member(cells, i).key);
  }
}
