using Microsoft.Extensions.Logging;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.DataSources;
using Porpoise.Api.Definitions;
using Porpoise.Api.Environments;
using Porpoise.Api.Identities;
using Porpoise.Api.Library;
using Porpoise.Api.Live;
using Porpoise.Api.Logs;
using Porpoise.Api.Monitor;
using Porpoise.Api.Operations;
using Porpoise.Api.Queues;
using Porpoise.Api.Runs;
using Porpoise.Api.Security;
using Porpoise.Api.Workspaces;
using Porpoise.Engine;
using Porpoise.Engine.Queues;
using Porpoise.Storage;
using Porpoise.Storage.Audit;
using Porpoise.Storage.Identities;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Runners;

namespace Porpoise.Api;

/// <summary>What the operations work with, and the one list of them: the server serves it, and the tests walk it.</summary>
public sealed record ApiParts
{
    public required IStore Store { get; init; }

    public required IAccessStore Access { get; init; }

    public required IAuditStore Audit { get; init; }

    public required KeyRing Keys { get; init; }

    public required MasterKey MasterKey { get; init; }

    public required AccessGate Gate { get; init; }

    public required PasswordGate Passwords { get; init; }

    public required RunEngine Engine { get; init; }

    public required QueueCatalog Queues { get; init; }

    public required WorkerGroupCatalog WorkerGroups { get; init; }

    public required WorkspaceDirectory Workspaces { get; init; }

    public required CodeMint Codes { get; init; }

    public required AttemptLogs AttemptLogs { get; init; }

    public required ThisServer Server { get; init; }

    public required ConnectionTest ConnectionTest { get; init; }

    /// <summary>Gives a text of that many random hexadecimal digits.</summary>
    public required Func<int, string> RandomHex { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILoggerFactory Logs { get; init; }

    /// <summary>True when a Spark is configured, so that runs with Spark nodes may start.</summary>
    public bool HasSpark { get; init; }

    public OperationTable Operations()
    {
        var surroundings = new DefinitionSurroundings(Queues, Engine.Environments, WorkerGroups, Store);
        var account = new AccountDirectory(Store, Access, Keys, Gate);
        return new OperationTable(
        [
            .. new DefinitionOperations(Store, surroundings, Codes, Gate, Clock).Table,
            .. new DefinitionListOperations(Store).Table,
            .. new DefinitionBatchOperations(Store, surroundings, Codes, Clock).Table,
            .. new WorkflowFileOperations(Store, surroundings, Codes, Gate, Clock).Table,
            .. new VersionOperations(Store, Clock).Table,
            .. new TreeOperations(Store, Server, Clock).Table,
            .. new TaskDefinitionOperations(Store).Table,
            .. new StartOperations(Store, Engine, Queues, WorkerGroups, HasSpark, Clock).Table,
            .. new ControlOperations(Store, Engine, WorkerGroups, Gate).Table,
            .. new RunOperations(Store, Engine, Server, Clock).Table,
            .. new DeleteOperations(Store, AttemptLogs, Gate, Logs.CreateLogger<DeleteOperations>()).Table,
            .. new TaskOperations(Store, Engine, Server, Clock).Table,
            .. new AnalysisOperations(Store).Table,
            .. new LogOperations(Store, AttemptLogs).Table,
            .. new LiveOperations(Store, Engine.Catalog, Engine.Feed, AttemptLogs).Table,
            .. new WorkspaceOperations(Store, Workspaces, Keys, Queues, Codes, RandomHex, Clock).Table,
            .. new UserOperations(Store, Access).Table,
            .. new SignInOperations(Store, Access, Keys, Passwords, Clock).Table,
            .. new StsOperations(Access, MasterKey, Gate, Clock).Table,
            .. new UserAdministration(account, Access, Workspaces, Keys, Clock).Table,
            .. new GroupAdministration(account, Access, Keys, Clock).Table,
            .. new RoleAdministration(account, Access, Workspaces, Keys, Clock).Table,
            .. new PolicyAdministration(account, Access, Keys, Clock).Table,
            .. new AttachmentAdministration(account, Access, Keys, Clock).Table,
            .. new CredentialAdministration(account, Store, Access, Keys, MasterKey, Clock).Table,
            .. new MemberOperations(account, Access, Keys, Clock).Table,
            .. new AuditOperations(Audit).Table,
            .. new AccessCheckOperations(account, Keys, MasterKey, Workspaces, Clock).Table,
            .. new QueueOperations(Queues, Clock).Table,
            .. new DataSourceOperations(Store, MasterKey, ConnectionTest, Clock).Table,
            .. new EnvironmentOperations(Engine.Environments, WorkerGroups, Codes, Clock).Table,
            .. new WorkerGroupOperations(WorkerGroups, Engine, Server, Gate, Clock).Table,
            .. new LibraryOperations(Store, Gate, RandomHex, Clock).Table,
            .. new MonitorOperations(Store, Engine, WorkerGroups, Server, Clock).Table,
            .. EmptyListOperations.Table,
        ]);
    }
}
