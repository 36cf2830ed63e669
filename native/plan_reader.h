// From a JavaScript plan to plain structs, checking the types of all that it reads.
#pragma once

#include <napi.h>

#include "plan.h"

namespace atelier {

PlanSpec readPlan(const Napi::Object &plan);

}  // namespace atelier
