using Porpoise.Core.DataSources;
using Porpoise.Core.Workflows;

namespace Porpoise.Worker.Runners;

/// <summary>Where the worker finds a data source when it starts a job that names one. The engine never knows a password.</summary>
public interface IDataSources
{
    /// <summary>Null: the workspace has none with this id. Any other exception than the one named here passes, and the same is asked again.</summary>
    /// <exception cref="JobException">It is there and cannot be used; says why.</exception>
    Task<DataSourceAccess?> FindAsync(WorkspaceId workspace, int id);
}

/// <summary>All that is needed to connect to a data source.</summary>
/// <param name="Settings">Which one it is.</param>
/// <param name="Password">Empty: none.</param>
public sealed record DataSourceAccess(DataSourceSettings Settings, string Password)
{
    /// <summary>Names the data source only.</summary>
    public override string ToString() => Settings.Name;
}
