using System.CommandLine;
using Porpoise.Client;
using Porpoise.Client.Workspaces;
using Porpoise.Commands.Connections;

namespace Porpoise.Commands.Calls;

/// <summary>One command that calls a server: what was said on the command line, a client, and where the results go.</summary>
internal sealed class CommandCall(ParseResult parsed) : IDisposable
{
    private Connection? _connection;
    private PorpoiseClient? _client;

    public Output Output { get; } = new(parsed.GetValue(ConnectionOptions.Json));

    /// <summary>As whom and where to, as the options, the environment and the profile say.</summary>
    public Connection Connection => _connection ??= Connection.Resolve(ConnectionOptions.Read(parsed));

    public PorpoiseClient Client => _client ??= new PorpoiseClient(new PorpoiseClientOptions { Endpoint = Connection.Endpoint, Credentials = Connection.Credentials });

    /// <summary>Which page of a list is wanted; for commands with <see cref="ListOptions.Paging"/>.</summary>
    public PageChoice Page => new(Get(ListOptions.Page), Get(ListOptions.PageSize));

    public T Get<T>(Option<T> option) => parsed.GetValue(option)!;

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>The workspace that was named, or the only one that there is.</summary>
    /// <exception cref="UsageException">None was named, and there is not exactly one.</exception>
    public async Task<string> WorkspaceAsync(CancellationToken ct)
    {
        if (Connection.Workspace is { } named)
        {
            return named;
        }

        var all = await ListWorkspacesAsync(ct);
        return all.TotalList switch
        {
            [var only] => only.WorkspaceId,
            [] => throw new UsageException("You are a member of no workspace. Whoever owns one makes you one: porpoise member add."),
            var several => throw new UsageException($"Which workspace? Say --workspace, or set it in the profile: {string.Join(", ", several.Select(w => $"{w.WorkspaceId} ({w.Name})"))}{(all.Total > several.Count ? " …" : "")}"),
        };
    }

    private async Task<Page<Workspace>> ListWorkspacesAsync(CancellationToken ct)
    {
        try
        {
            return await Client.Workspaces.ListAsync(search: null, new PageChoice(Size: 10), ct);
        }
        catch (PorpoiseException e) when (e.IsDenied)
        {
            throw e.Saying($"No workspace is named, and you may not list those that there are: name one with --workspace. {e.Message}");
        }
    }

    public void Dispose() => _client?.Dispose();
}
