using System.Security.Cryptography;
using Porpoise.Access.Secrets;
using Porpoise.Core.Workflows;
using Porpoise.Storage.DataSources;
using Porpoise.Worker.Runners;

namespace Porpoise.Serving;

/// <summary>Gives the worker a data source with its password, at the moment at which a job starts.</summary>
internal sealed class DataSourceLookup(IDataSourceStore store, MasterKey masterKey) : IDataSources
{
    public async Task<DataSourceAccess?> FindAsync(WorkspaceId workspace, int id)
    {
        try
        {
            return await store.FindDataSourceAsync(workspace, id) is { } source ? new DataSourceAccess(source.Settings, DataSourcePasswords.Decrypt(masterKey, source)) : null;
        }
        catch (CryptographicException e)
        {
            throw new JobException($"{e.Message} Set the password again, or start the server with the key that it is under.", e);
        }
    }
}
