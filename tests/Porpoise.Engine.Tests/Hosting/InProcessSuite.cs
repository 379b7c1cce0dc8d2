using Porpoise.Engine.Suite.Dispatch;
using Porpoise.Engine.Suite.Durability;
using Porpoise.Engine.Suite.Runs;

namespace Porpoise.Engine.Tests.Hosting;

// The engine's suite on the in-process host.
public sealed class InProcessShapeTests() : ShapeTests(new InProcessHosting());

public sealed class InProcessRetryTests() : RetryTests(new InProcessHosting());

public sealed class InProcessFailureStrategyTests() : FailureStrategyTests(new InProcessHosting());

public sealed class InProcessStopTests() : StopTests(new InProcessHosting());

public sealed class InProcessSlotTests() : SlotTests(new InProcessHosting());

public sealed class InProcessControlTests() : ControlTests(new InProcessHosting());

public sealed class InProcessLargeRunTests() : LargeRunTests(new InProcessHosting());

public sealed class InProcessLimitTests() : LimitTests(new InProcessHosting());

public sealed class InProcessTimeLimitTests() : TimeLimitTests(new InProcessHosting());

public sealed class InProcessParameterTests() : ParameterTests(new InProcessHosting());

public sealed class InProcessStartTests() : StartTests(new InProcessHosting());

public sealed class InProcessStoreFailureTests() : StoreFailureTests(new InProcessHosting());

public sealed class InProcessRestartTests() : RestartTests(new InProcessHosting());
