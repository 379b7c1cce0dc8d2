using System.Text.Json.Serialization;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Storage.Environments;

namespace Porpoise.Api.Environments;

/// <summary>An environment as DolphinScheduler answers it.</summary>
internal sealed record DolphinEnvironment(long Code, string Name, string Config, string Description, IReadOnlyList<string> WorkerGroups, string Operator, string CreateTime, string UpdateTime)
{
    public int Id => (int)(Code % int.MaxValue);

    public static DolphinEnvironment Of(EnvironmentRow row) => new(
        row.Code.Value, row.Settings.Name, row.Settings.Config, row.Settings.Description, row.Settings.WorkerGroups, row.CreatedBy, DolphinTime.Write(row.CreatedAt), DolphinTime.Write(row.UpdatedAt));
}

/// <summary>An environment at the addresses of our own.</summary>
internal sealed record EnvironmentView(long Code, string Name, string Config, string Description, IReadOnlyList<string> WorkerGroups, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static EnvironmentView Of(EnvironmentRow row) =>
        new(row.Code.Value, row.Settings.Name, row.Settings.Config, row.Settings.Description, row.Settings.WorkerGroups, row.CreatedBy, row.CreatedAt, row.UpdatedAt);
}

/// <summary>What the operations on environments write as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DolphinEnvironment))]
[JsonSerializable(typeof(IReadOnlyList<DolphinEnvironment>))]
[JsonSerializable(typeof(DolphinPage<DolphinEnvironment>))]
[JsonSerializable(typeof(EnvironmentView))]
[JsonSerializable(typeof(IReadOnlyList<EnvironmentView>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(long))]
internal sealed partial class EnvironmentJson : JsonSerializerContext;
