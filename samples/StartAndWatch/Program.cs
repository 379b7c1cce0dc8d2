using Porpoise.Client;
using Porpoise.Client.Runs;

// Starts a workflow, shows what happens, and ends with 0 if the run succeeded.
// PORPOISE_ENDPOINT=http://127.0.0.1:12345 PORPOISE_ACCESS_KEY_ID=… PORPOISE_ACCESS_KEY_SECRET=… StartAndWatch WORKSPACE WORKFLOW [NAME=VALUE …]
if (args is not [var workspace, var workflow, .. var parameters])
{
    Console.Error.WriteLine("usage: StartAndWatch WORKSPACE WORKFLOW [NAME=VALUE …]");
    return 2;
}

using var client = new PorpoiseClient(new PorpoiseClientOptions
{
    Endpoint = new Uri(Environment.GetEnvironmentVariable("PORPOISE_ENDPOINT") ?? "http://127.0.0.1:12345"),
    Credentials = new PorpoiseCredentials.AccessKey(new AcsCredentials(
        Environment.GetEnvironmentVariable("PORPOISE_ACCESS_KEY_ID") ?? "", Environment.GetEnvironmentVariable("PORPOISE_ACCESS_KEY_SECRET") ?? "")),
});
var ct = CancellationToken.None;
try
{
    // Safe to repeat: the client gives each start a token, and repeats it by itself when the answer is lost.
    var code = await client.Workflows.FindCodeAsync(workspace, workflow, ct);
    var request = new StartRequest(code) { Parameters = parameters.Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]) };
    var run = await client.Runs.StartAsync(workspace, request, ct);
    await foreach (var happened in client.Runs.WatchAsync(workspace, run, ct))
    {
        Console.WriteLine(happened switch
        {
            TaskEvent task => $"{task.At:HH:mm:ss} {task.Name}: {task.State} {task.Message}",
            RunEvent ended => $"run {ended.Id}: {ended.State}",
            _ => happened.ToString(),
        });
    }

    return (await client.Runs.GetAsync(workspace, run, ct)).HasSucceeded ? 0 : 1;
}
catch (PorpoiseException e)
{
    Console.Error.WriteLine($"{e.Message} ({e.Code}, request {e.RequestId})");
    return 1;
}
