using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;

namespace Porpoise.Engine;

/// <summary>A run to be started: everything has been checked, and the version is pinned.</summary>
public sealed record StartOrder(
    WorkspaceId Workspace,
    CompiledVersion Version,
    FailureStrategy FailureStrategy,
    Priority Priority,
    bool IsProduction,
    string Queue,
    string StartedBy,
    string Remarks,
    IdempotencyKey? Idempotency,
    NonceRow? Nonce);
