using System.Text.Json.Serialization;

namespace Porpoise.Worker.Runners;

/// <summary>What the server allows jobs to do. Every job gets them with its document.</summary>
public sealed record JobSettings
{
    /// <summary>True: HTTP tasks may not reach addresses of private networks, of this machine or of its link.</summary>
    public bool RefusePrivateAddresses { get; init; }

    /// <summary>Memory of one DUCKDB task; what does not fit goes to disk.</summary>
    public int DuckDbMemoryMiB { get; init; } = 1_024;

    /// <summary>Threads of one DUCKDB task.</summary>
    public int DuckDbThreads { get; init; } = 2;

    /// <summary>Absolute paths of the folders, besides its work folder, below which a DUCKDB task may read and write files.</summary>
    public IReadOnlyList<string> DuckDbFolders { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JobSettings))]
[JsonSerializable(typeof(DataSourceAccess))]
internal sealed partial class JobJson : JsonSerializerContext;
