using System.Globalization;
using System.Text;
using Porpoise.LiveServer.Servers;

namespace Porpoise.LiveServer.Callers;

/// <summary>Calls as a DolphinScheduler client makes them: header <c>token</c>, forms, the numeric project code.</summary>
public sealed class DolphinClient(Func<Uri> url, RootKey key) : ApiClient(url, new SocketsHttpHandler())
{
    public override string Workspace { get; } = key.ProjectCode.ToString(CultureInfo.InvariantCulture);

    public override Task<Reply> CallAsync(HttpMethod method, string path, params (string Name, object? Value)[] parameters) =>
        method == HttpMethod.Get || method == HttpMethod.Delete
            ? SendAsync(method, WithQuery(path, parameters))
            : SendAsync(method, path, new StringContent(Query(parameters), Encoding.UTF8, "application/x-www-form-urlencoded"));

    protected override void Prepare(HttpRequestMessage request) => request.Headers.Add("token", key.Token);
}
