using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Commands;

/// <summary>Workflows as files, by a person at a terminal.</summary>
public sealed class WorkflowCommandTests : IDisposable
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int NotFound = 3;
    private const int Different = 8;

    private readonly CommandProcess _terminal = new();
    private readonly string _name = "w-" + Guid.NewGuid().ToString("N");

    public WorkflowCommandTests(SharedServer server)
    {
        Directory.CreateSymbolicLink(Path.Combine(_terminal.Home, ".porpoise"), server.Installation.Folder);
        _terminal.Variables["PORPOISE_ENDPOINT"] = server.Installation.Url.ToString();
    }

    private string Sound => $"name: {_name}\ntasks:\n  a:\n    run: echo one\n";

    [Fact]
    public async Task A_file_is_applied_compared_and_applied_again()
    {
        Write("w.yaml", Sound);
        Assert.Contains("+    run: echo one", await ExpectAsync(Different, "diff", "-f", "w.yaml"), StringComparison.Ordinal);
        Assert.Contains("would be created", await ExpectAsync(0, "apply", "-f", "w.yaml", "--dry-run"), StringComparison.Ordinal);
        Assert.Contains("created", await ExpectAsync(0, "apply", "-f", "w.yaml"), StringComparison.Ordinal);
        Assert.Contains("unchanged", await ExpectAsync(0, "apply", "-f", "w.yaml"), StringComparison.Ordinal);
        Assert.Equal("", await ExpectAsync(0, "diff", "-f", "w.yaml"));
        Write("w.yaml", Sound.Replace("echo one", "echo two", StringComparison.Ordinal));
        var diff = await ExpectAsync(Different, "diff", "-f", "w.yaml");
        Assert.Contains("-    run: echo one\n+    run: echo two\n", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", diff, StringComparison.Ordinal);
        Assert.Contains("changed", await ExpectAsync(0, "apply", "-f", "w.yaml", "--publish"), StringComparison.Ordinal);
        await ExpectAsync(0, "unpublish", _name);
        await ExpectAsync(0, "delete", _name);
        await ExpectAsync(NotFound, "show", _name);
    }

    [Fact]
    public async Task Standard_input_folders_and_json_are_taken()
    {
        Directory.CreateDirectory(Path.Combine(_terminal.Home, "all", "below"));
        Write("all/one.yaml", Sound);
        Write("all/below/two.yml", Sound.Replace(_name, _name + "-2", StringComparison.Ordinal));
        Write("all/notes.txt", "no workflow");
        var applied = (await _terminal.RunAsync("workflow", "apply", "-f", "all", "--json")).Done().Json;
        Assert.Equal([_name + "-2", _name], applied.EnumerateArray().Select(w => w.GetProperty("name").GetString()));
        var piped = (await _terminal.RunWithInputAsync(Sound, "workflow", "apply", "-f", "-", "--json")).Done().Json;
        Assert.Equal("UNCHANGED", piped[0].GetProperty("change").GetString());
    }

    [Fact]
    public async Task Faults_have_file_line_and_column_and_nothing_is_changed()
    {
        Write("good.yaml", Sound);
        Write("bad.yaml", $"name: {_name}-b\ntasks:\n  a: {{run: x, retires: 2}}\n  b: {{run: x, after: c}}\n");
        var refused = await _terminal.RunAsync("workflow", "apply", "-f", "good.yaml", "bad.yaml");
        Assert.Equal(Failed, refused.Code);
        Assert.Contains("bad.yaml:3:15: tasks.a.retires: There is no such key here", refused.Error, StringComparison.Ordinal);
        Assert.Contains("bad.yaml:4:22: tasks.b.after: There is no task 'c' in this workflow.", refused.Error, StringComparison.Ordinal);
        Write("bad.yaml", Sound.Replace(_name, _name + "-b", StringComparison.Ordinal) + "queue: none\n");
        refused = await _terminal.RunAsync("workflow", "apply", "-f", "good.yaml", "bad.yaml");
        Assert.Equal(Failed, refused.Code);
        Assert.Contains("bad.yaml:5:8: queue: The workspace has no queue 'none'", refused.Error, StringComparison.Ordinal);
        await ExpectAsync(NotFound, "show", _name);
        Assert.Equal(Usage, (await _terminal.RunAsync("workflow", "apply", "-f", "nowhere.yaml")).Code);
    }

    [Fact]
    public async Task Files_are_validated_without_a_server()
    {
        using var offline = new CommandProcess();
        offline.Variables["PORPOISE_ENDPOINT"] = "http://127.0.0.1:1";
        await File.WriteAllTextAsync(Path.Combine(offline.Home, "w.yaml"), Sound + "queue: whatever\n", TestContext.Current.CancellationToken);
        (await offline.RunAsync("workflow", "validate", "-f", "w.yaml")).Done();
        await File.WriteAllTextAsync(Path.Combine(offline.Home, "w.yaml"), Sound + "colour: red\n", TestContext.Current.CancellationToken);
        var faults = await offline.RunAsync("workflow", "validate", "-f", "w.yaml", "--json");
        Assert.Equal(Failed, faults.Code);
        Assert.Equal(("w.yaml", 5, 1), (faults.Json[0].GetProperty("file").GetString(), faults.Json[0].GetProperty("line").GetInt32(), faults.Json[0].GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task A_name_in_two_files_is_refused_with_both_places()
    {
        Directory.CreateDirectory(Path.Combine(_terminal.Home, "all"));
        Write("all/one.yaml", Sound);
        Write("all/two.yaml", $"# another one\n---\n{Sound}");
        foreach (var command in (string[])["validate", "diff", "apply"])
        {
            var refused = await _terminal.RunAsync("workflow", command, "-f", "all");
            Assert.Equal(Failed, refused.Code);
            Assert.Contains($"all/two.yaml:3:1: name: The workflow '{_name}' is already in all/one.yaml:1:1.", refused.Error, StringComparison.Ordinal);
        }

        await ExpectAsync(NotFound, "show", _name);
        await ExpectAsync(0, "validate", "-f", "all/one.yaml", "./all/one.yaml"); // one file, however it is named
    }

    [Theory]
    [InlineData("name: caf\u00e9\n", "iso-8859-1", "w.yaml:1:10: This is not UTF-8; save the file as UTF-8.")]
    [InlineData("# \u4f60\u597d\nname: w\n# \u00e9\u00e9\n", "iso-8859-1", "w.yaml:3:3: This is not UTF-8")]
    [InlineData("name: caf\u00e9\ntasks: {a: {type: NOOP}}\n", "utf-8", "Sound.")]
    [InlineData("\ufeffname: caf\u00e9\ntasks: {a: {type: NOOP}}\n", "utf-8", "Sound.")]
    [InlineData("\ufeffname: caf\u00e9\ntasks: {a: {type: NOOP}}\n", "utf-16", "Sound.")]
    [InlineData("\ufeffname: caf\u00e9\ntasks: {a: {type: NOOP}}\n", "utf-16BE", "Sound.")]
    [InlineData("\ufeffname: HALF\ntasks: {a: {type: NOOP}}\n", "utf-16", ": This is not UTF-16, as the file's first bytes say that it is.")]
    public async Task A_file_in_another_encoding_is_refused_instead_of_changed(string text, string encoding, string says)
    {
        var bytes = System.Text.Encoding.GetEncoding(encoding).GetBytes(text);
        if (bytes.AsSpan().IndexOf("H\0A\0L\0F\0"u8) is var half and >= 0)
        {
            (bytes[half], bytes[half + 1]) = (0x00, 0xD8); // the first half of a surrogate pair, which no constant of a test can hold
        }

        await File.WriteAllBytesAsync(Path.Combine(_terminal.Home, "w.yaml"), bytes, TestContext.Current.CancellationToken);
        Assert.Contains(says, (await _terminal.RunAsync("workflow", "validate", "-f", "w.yaml")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_digits_is_a_name_where_there_is_no_such_code()
    {
        var digits = string.Concat(_name.Where(char.IsAsciiDigit).Take(12));
        Write("w.yaml", Sound.Replace(_name, $"\"{digits}\"", StringComparison.Ordinal));
        await ExpectAsync(0, "apply", "-f", "w.yaml");
        await ExpectAsync(0, "publish", digits);
        (await _terminal.RunAsync("run", "start", digits, "--wait")).Done();
        (await _terminal.RunAsync("run", "list", "--workflow", digits)).Done();
        var list = await ExpectAsync(0, "list", "--search", digits);
        Assert.Matches("PUBLISHED", list);
        Assert.Contains("porpoise workflow unpublish", (await _terminal.RunAsync("workflow", "delete", digits)).Error, StringComparison.Ordinal);
        await ExpectAsync(0, "unpublish", digits);
        Assert.Contains("porpoise workflow publish", (await _terminal.RunAsync("run", "start", digits)).Error, StringComparison.Ordinal);
        await ExpectAsync(0, "delete", digits);
        Assert.Equal(NotFound, (await _terminal.RunAsync("run", "list", "--workflow", digits)).Code);
    }

    [Fact]
    public async Task A_name_leads_to_no_other_folder_when_it_is_exported()
    {
        var name = "../../" + _name;
        Write("w.yaml", $"name: {name}\ntasks: {{a: {{type: NOOP}}}}\n");
        await ExpectAsync(0, "apply", "-f", "w.yaml");
        var folder = Directory.CreateDirectory(Path.Combine(_terminal.Home, "out", "in")).FullName;
        await ExpectAsync(0, "export", name, "-o", folder);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_terminal.Home, "out"), "*", SearchOption.AllDirectories));
        Assert.Equal(Path.Combine(folder, "______" + _name + ".yaml"), file);
        Assert.StartsWith("# yaml-language-server: $schema=http://127.0.0.1:", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("", await ExpectAsync(0, "diff", "-f", file));
    }

    public void Dispose() => _terminal.Dispose();

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_terminal.Home, file), text);

    private async Task<string> ExpectAsync(int code, params string[] arguments)
    {
        var result = await _terminal.RunAsync(["workflow", .. arguments]);
        Assert.True(result.Code == code, $"Exit code {result.Code} instead of {code}.\n{result.Error}\n{result.Output}");
        return result.Output;
    }
}
