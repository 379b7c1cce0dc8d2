using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.Access.Identities;
using Porpoise.Client;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Security;

/// <summary>
/// Everything that is secret is used once for what it is for, and for what it is not: then nothing that anybody can look into has any of it. What is looked into: every file
/// of the data folder but the two that are there for secrets, what the servers print, every answer but the one that tells a secret, arguments and environments of
/// all processes, what tasks see, and the folder for crash dumps.
/// </summary>
public sealed class SecretsTests : InstallationTest
{
    private const string Password = "Correct-horse-17!";
    private const string NextPassword = "Battery+staple/18%";
    private const string SourcePassword = "Loader's \"first\" 工 word";
    private const string NextSourcePassword = "Loader-second\\word-2";

    private static readonly string[] FilesForSecrets = ["master.key", "root-key.json"];

    private readonly SecretSearch _search = new();
    private readonly ConcurrentBag<string> _answers = [];
    private readonly string _dumps = Directory.CreateTempSubdirectory("porpoise-dumps-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string RoleArn => Arns.Role(Installation.Key.AccountId, "runner");

    [Fact]
    public async Task No_secret_is_found_anywhere_after_all_of_them_were_used()
    {
        Installation.Variables["DOTNET_DbgEnableMiniDump"] = "1";
        Installation.Variables["DOTNET_DbgMiniDumpName"] = Path.Combine(_dumps, "dump.%p");
        using var terminal = new CommandProcess();
        await using var watch = new ProcessWatch(Installation.Folder, terminal.Home);
        await Installation.StartAsync();
        AddOwnersSecrets();
        var (key, token, session, temporary) = await UseAllAsync();
        await UseOnTheCommandLineAsync(terminal, key, token);
        await MisuseAsync(key, token, session);
        var log = await LookAroundInTaskAsync();

        var crash = await Installation.Server.CrashAsync();
        Assert.NotEqual(0, crash.Code);
        await Installation.StartAsync("--calls-per-second", "1");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CallAsync(new SigningHandler(temporary), HttpMethod.Get, "/dolphinscheduler/projects")));
        await Installation.KillAndStartAsync();
        _answers.Add((await Dolphin.GetAsync("/porpoise/v1/audit", ("limit", 1000))).Text);
        _answers.Add((await Dolphin.GetAsync("/porpoise/v1/audit/export")).Text);

        Assert.Empty(_answers.SelectMany(a => _search.FindIn(a)));
        Assert.Empty(watch.Seen.SelectMany(s => _search.FindIn(s)));
        Assert.Empty(_search.FindIn(log));
        Assert.Empty(_search.FindIn(Installation.Transcript));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_dumps));
        await Installation.Server.StopAsync();
        Assert.Empty(FilesWith(_search));
        AssertSearchReaches(watch, key);
        Directory.Delete(_dumps, recursive: true);
    }

    private void AddOwnersSecrets()
    {
        _search.Add("the owner's key", Installation.Key.AccessKeySecret);
        _search.Add("the owner's password", Installation.Key.Password);
        _search.Add("the owner's token", Installation.Key.Token);
        foreach (var line in File.ReadAllLines(Path.Combine(Installation.Folder, "master.key")))
        {
            _search.Add("the master key", line);
        }
    }

    /// <summary>Each for what it is for.</summary>
    private async Task<(AcsCredentials Key, string Token, string Session, AcsCredentials Temporary)> UseAllAsync()
    {
        await OwnerAsync(HttpMethod.Post, "/porpoise/v1/users", ("userName", "ann"));
        await OwnerAsync(HttpMethod.Post, "/porpoise/v1/users/ann/policies/AliyunEMRServerlessSparkFullAccess");
        await OwnerAsync(HttpMethod.Post, $"/porpoise/v1/workspaces/{Installation.Key.WorkspaceId}/members", ("userName", "ann"), ("role", "Owner"));
        await OwnerAsync(HttpMethod.Post, "/porpoise/v1/policies", ("policyName", "assume"), ("document", """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}"""));
        await OwnerAsync(HttpMethod.Post, "/porpoise/v1/users/ann/policies/assume");
        var trust = $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["{{{Arns.User(Installation.Key.AccountId, "ann")}}}"]}}]}""";
        await OwnerAsync(HttpMethod.Post, "/porpoise/v1/roles", ("roleName", "runner"), ("trustPolicy", trust));

        var madeKey = await OwnerAsync(HttpMethod.Post, "/porpoise/v1/users/ann/access-keys");
        var key = new AcsCredentials(Text(madeKey, "accessKeyId"), Tell(madeKey, "accessKeySecret", "a user's key"));
        var token = Tell(await OwnerAsync(HttpMethod.Post, "/porpoise/v1/users/ann/tokens", ("name", "airflow")), "token", "a user's token");
        await SetPasswordAsync(Password, "a password");
        var session = Tell((await CallAsync(null, HttpMethod.Post, "/dolphinscheduler/login", ("userName", "ann"), ("userPassword", Password))).Data(), "sessionId", "a session");
        var sts = (await CallAsync(new SigningHandler(key), HttpMethod.Post, $"/?Action=AssumeRole&Version=2015-04-01&RoleSessionName=night&RoleArn={Uri.EscapeDataString(RoleArn)}", keep: false)).Json.GetProperty("Credentials");
        var temporary = new AcsCredentials(Text(sts, "AccessKeyId"), Tell(sts, "AccessKeySecret", "a temporary key"), Tell(sts, "SecurityToken", "a security token"));

        (await CallAsync(new SigningHandler(key), HttpMethod.Get, "/dolphinscheduler/projects")).Data();
        (await CallAsync(With("token", token), HttpMethod.Get, "/dolphinscheduler/projects")).Data();
        (await CallAsync(With("sessionId", session), HttpMethod.Get, "/dolphinscheduler/projects")).Data();
        Assert.Equal(403, (await CallAsync(new SigningHandler(temporary), HttpMethod.Get, "/dolphinscheduler/projects")).Status); // the role has no policies
        await SetPasswordAsync(NextPassword, "the next password");
        await UseDataSourceAsync();
        return (key, token, session, temporary);
    }

    /// <summary>One is saved, tested, changed, used by a task, and told wrongly. No database answers there: the password goes as far as the process that would connect.</summary>
    private async Task UseDataSourceAsync()
    {
        _search.Add("a data source's password", SourcePassword);
        _search.Add("a data source's next password", NextSourcePassword);
        (string, object?)[] source = [("type", "POSTGRESQL"), ("host", "127.0.0.1"), ("port", "1"), ("userName", "loader"), ("database", "sales")];
        var id = (await OwnerAsync(HttpMethod.Post, "/dolphinscheduler/datasources", [.. source, ("name", "sales"), ("password", SourcePassword)])).GetProperty("id").GetInt32();
        await CallAsync(With("token", Installation.Key.Token), HttpMethod.Get, $"/dolphinscheduler/datasources/{id}/connect-test");
        await CallAsync(With("token", Installation.Key.Token), HttpMethod.Post, "/dolphinscheduler/datasources/connect", [.. source, ("name", "sales"), ("password", NextSourcePassword)]);
        await OwnerAsync(HttpMethod.Put, $"/dolphinscheduler/datasources/{id}", [.. source, ("name", "sales"), ("password", NextSourcePassword)]);
        await CallAsync(With("token", Installation.Key.Token), HttpMethod.Post, "/dolphinscheduler/datasources", [.. source, ("name", "sales"), ("password", SourcePassword)]); // there is one
        await CallAsync(With("token", Installation.Key.Token), HttpMethod.Post, "/dolphinscheduler/datasources", ("type", "NO_SUCH"), ("name", "other"), ("password", SourcePassword));
        foreach (var path in (string[])["/dolphinscheduler/datasources?pageNo=1&pageSize=10", $"/dolphinscheduler/datasources/{id}", $"/porpoise/v1/workspaces/{Installation.Key.WorkspaceId}/data-sources"])
        {
            await CallAsync(With("token", Installation.Key.Token), HttpMethod.Get, path);
        }

        var run = await Dolphin.StartAsync(new Workflow().Add("load", "SQL", new JsonObject { ["type"] = "POSTGRESQL", ["datasource"] = id, ["sql"] = "select 1" }));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "load");
        var log = await Dolphin.LogAsync(task);
        Assert.Contains("127.0.0.1", log, StringComparison.Ordinal); // it did try to connect
        _answers.Add(log + task);
    }

    private async Task UseOnTheCommandLineAsync(CommandProcess terminal, AcsCredentials key, string token)
    {
        var url = Installation.Url.ToString();
        (await terminal.RunWithInputAsync(key.AccessKeySecret + "\n", "configure", "--access-key-id", key.AccessKeyId, "--secrets-stdin", "--endpoint", url)).Done();
        (await terminal.RunWithInputAsync(token + "\n", "configure", "-p", "token", "--mode", "Token", "--secrets-stdin", "--endpoint", url)).Done();
        foreach (var arguments in (string[][])[["member", "list"], ["member", "list", "-p", "token"], ["configure", "list", "--json"], ["user", "list"]])
        {
            var result = await terminal.RunAsync(arguments);
            _answers.Add(result.Output + result.Error);
        }

        (await terminal.RunWithInputAsync(Password + "\n", "user", "set-password", "ann", "--data", Installation.Folder, "--endpoint", url)).Done();
    }

    /// <summary>Each where it does not belong, as it happens by mistake.</summary>
    private async Task MisuseAsync(AcsCredentials key, string token, string session)
    {
        foreach (var secret in (string[])[key.AccessKeySecret, token, session, Password, Installation.Key.Token, Installation.Key.AccessKeySecret])
        {
            var text = Uri.EscapeDataString(secret);
            await CallAsync(With("token", secret + "x"), HttpMethod.Get, "/dolphinscheduler/projects");
            await CallAsync(null, HttpMethod.Get, "/dolphinscheduler/projects?token=" + text);
            await CallAsync(With("Authorization", "Bearer " + secret), HttpMethod.Get, "/dolphinscheduler/projects");
            await CallAsync(null, HttpMethod.Post, "/dolphinscheduler/login", ("userName", "ann"), ("userPassword", secret + "x"));
            await CallAsync(With("token", Installation.Key.Token), HttpMethod.Get, "/dolphinscheduler/nothing?password=" + text);
            await CallAsync(With("token", Installation.Key.Token), HttpMethod.Put, "/porpoise/v1/users/nobody/password", ("password", secret));
            await CallAsync(With("token", Installation.Key.Token), HttpMethod.Post, "/porpoise/v1/users", ("password", secret), ("userName", "not a name"));
            await CallAsync(new SigningHandler(new AcsCredentials(key.AccessKeyId, secret + "x")), HttpMethod.Get, "/dolphinscheduler/projects");
            await CallAsync(new SigningHandler(new AcsCredentials(key.AccessKeyId, "x", secret)), HttpMethod.Get, "/dolphinscheduler/projects");
        }
    }

    /// <summary>What a task finds out about the processes that it comes from.</summary>
    private async Task<string> LookAroundInTaskAsync()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell(
            "look",
            """
            echo looked
            env
            pid=$$
            while [ "$pid" -gt 1 ]; do
              tr '\0' '\n' < /proc/$pid/cmdline; tr '\0' '\n' < /proc/$pid/environ || true
              pid=$(awk '/^PPid:/ { print $2 }' /proc/$pid/status)
            done
            """));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var log = await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "look"));
        Assert.Contains("looked", log, StringComparison.Ordinal);
        return log;
    }

    private List<string> FilesWith(SecretSearch search) =>
    [
        .. from file in Directory.EnumerateFiles(Installation.Folder, "*", SearchOption.AllDirectories)
           where !FilesForSecrets.Contains(Path.GetFileName(file))
           from name in search.FindIn(File.ReadAllBytes(file))
           select $"{name} in {file}",
    ];

    /// <summary>A search that finds nothing proves nothing: what is no secret is found where it belongs, and the secrets in the files that hold them.</summary>
    private void AssertSearchReaches(ProcessWatch watch, AcsCredentials key)
    {
        var known = new SecretSearch();
        known.Add("a key's id", key.AccessKeyId);
        Assert.Contains(FilesWith(known), f => f.Contains("porpoise.db", StringComparison.Ordinal));
        Assert.Contains(_answers, a => known.FindIn(a).Any());
        Assert.Contains(watch.Seen, s => known.FindIn(s).Any()); // it stood on a command line
        Assert.All(FilesForSecrets, name => Assert.NotEmpty(_search.FindIn(File.ReadAllBytes(Path.Combine(Installation.Folder, name)))));
        Assert.NotEmpty(_search.FindIn("eyJ4" + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("{\"p\":\"" + Password + "\"}"))));
    }

    private async Task SetPasswordAsync(string password, string name)
    {
        _search.Add(name, password);
        await OwnerAsync(HttpMethod.Put, "/porpoise/v1/users/ann/password", ("password", password));
    }

    /// <summary>A secret that this answer tells, which is therefore not kept.</summary>
    private string Tell(JsonElement data, string member, string name)
    {
        var secret = Text(data, member);
        _search.Add(name, secret);
        return secret;
    }

    private async Task<JsonElement> OwnerAsync(HttpMethod method, string path, params (string Name, object? Value)[] parameters) =>
        (await CallAsync(With("token", Installation.Key.Token), method, path, keep: !path.EndsWith("/access-keys", StringComparison.Ordinal) && !path.EndsWith("/tokens", StringComparison.Ordinal), parameters)).Data();

    private Task<Reply> CallAsync(DelegatingHandler? credentials, HttpMethod method, string target, params (string Name, object? Value)[] parameters) =>
        CallAsync(credentials, method, target, keep: target != "/dolphinscheduler/login" || parameters.Any(p => p.Value is string text && text.EndsWith('x')), parameters);

    private async Task<Reply> CallAsync(DelegatingHandler? credentials, HttpMethod method, string target, bool keep, params (string Name, object? Value)[] parameters)
    {
        HttpMessageHandler sockets = new SocketsHttpHandler();
        if (credentials is not null)
        {
            credentials.InnerHandler = sockets;
        }

        using var http = new HttpClient(credentials ?? sockets);
        using var request = new HttpRequestMessage(method, new Uri(Installation.Url, target));
        if (parameters.Length > 0)
        {
            request.Content = new FormUrlEncodedContent(parameters.Select(p => KeyValuePair.Create(p.Name, (string)p.Value!)));
        }

        using var response = await http.SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        if (keep)
        {
            _answers.Add(text + string.Join('\n', response.Headers.NonValidated.Select(h => h.Key + ": " + h.Value)));
        }

        return new Reply((int)response.StatusCode, response.Headers.NonValidated.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), text);
    }

    private static HeaderHandler With(string name, string value) => new(name, value);

    private static string Text(JsonElement json, string name) => ApiClient.Text(json, name);

    private sealed class HeaderHandler(string name, string value) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation(name, value);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
