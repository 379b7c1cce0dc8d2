using Porpoise.Client;
using Porpoise.LiveServer.Servers;

namespace Porpoise.LiveServer.Callers;

/// <summary>Calls as the cloud's clients make them: signed, all parameters in the query, the workspace id.</summary>
public sealed class CloudClient(Func<Uri> url, RootKey key) : ApiClient(url, new SigningHandler(key.Credentials) { InnerHandler = new SocketsHttpHandler() })
{
    public override string Workspace { get; } = key.WorkspaceId;

    public override Task<Reply> CallAsync(HttpMethod method, string path, params (string Name, object? Value)[] parameters) =>
        SendAsync(method, WithQuery(path, parameters.Any(p => p.Name == "productNamespace") ? parameters : [("productNamespace", "SS"), .. parameters]));

    protected override void Prepare(HttpRequestMessage request)
    {
    }
}
