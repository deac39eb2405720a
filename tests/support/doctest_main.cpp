// Both: the precompiled header has already read doctest.h, and then WITH_MAIN alone no longer implies IMPLEMENT.
#define DOCTEST_CONFIG_IMPLEMENT
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
