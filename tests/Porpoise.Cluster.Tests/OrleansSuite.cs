using Porpoise.Engine.Suite.Dispatch;
using Porpoise.Engine.Suite.Durability;
using Porpoise.Engine.Suite.Runs;

namespace Porpoise.Cluster.Tests;

// The engine's suite on the Orleans host.
public sealed class OrleansShapeTests() : ShapeTests(new OrleansHosting());

public sealed class OrleansRetryTests() : RetryTests(new OrleansHosting());

public sealed class OrleansFailureStrategyTests() : FailureStrategyTests(new OrleansHosting());

public sealed class OrleansStopTests() : StopTests(new OrleansHosting());

public sealed class OrleansSlotTests() : SlotTests(new OrleansHosting());

public sealed class OrleansControlTests() : ControlTests(new OrleansHosting());

public sealed class OrleansLimitTests() : LimitTests(new OrleansHosting());

public sealed class OrleansTimeLimitTests() : TimeLimitTests(new OrleansHosting());

public sealed class OrleansParameterTests() : ParameterTests(new OrleansHosting());

public sealed class OrleansStartTests() : StartTests(new OrleansHosting());

public sealed class OrleansStoreFailureTests() : StoreFailureTests(new OrleansHosting());

public sealed class OrleansRestartTests() : RestartTests(new OrleansHosting());
