using System.Globalization;
using System.Text;
using Porpoise.Client;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Dialects;

/// <summary>
/// Every operation of the server's own table, called wrongly in every way there is: the answer is a JSON object of the caller's dialect, and never the
/// server's failure. A new operation is in here by being in the table.
/// </summary>
public sealed class EveryPathTests(SharedServer shared, EveryPathTests.Table table) : SharedServerTest(shared), IClassFixture<EveryPathTests.Table>
{
    private const int MiB = 1024 * 1024;
    private const string NoSuchId = "2147483647";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY"];

    public static TheoryData<Dialect> Dialects => [Dialect.Cloud, Dialect.Dolphin];

    private Uri Url => Installation.Url;

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task With_nothing_but_credentials(Dialect dialect)
    {
        foreach (var operation in table.All)
        {
            var reply = await ClientOf(dialect).SendAsync(new HttpMethod(operation.Method), Path(dialect, operation));
            Check(operation, () => DialectShape.AssertAnswer(dialect, reply));
        }
    }

    [Fact]
    public async Task Without_credentials()
    {
        foreach (var operation in table.All.Where(o => !o.Open))
        {
            await AssertAsync(Dialect.Dolphin, operation, 401, r => r.Refused(1500004), []);
            await AssertAsync(Dialect.Cloud, operation, 400, r => Assert.Equal("IncompleteSignature", r.GatewayCode), [("x-acs-action", "Any")]);
        }
    }

    [Fact]
    public async Task With_credentials_that_nobody_has()
    {
        using var wrongSecret = Signing(new AcsCredentials(Installation.Key.AccessKeyId, new string('x', 30)));
        using var unknownKey = Signing(new AcsCredentials("LTAI5tUnknown", Installation.Key.AccessKeySecret));
        foreach (var operation in table.All.Where(o => !o.Open))
        {
            await AssertAsync(Dialect.Dolphin, operation, 401, r => r.Refused(1500004), [("token", "not-a-token")]);
            await AssertSignedAsync(wrongSecret, operation, 400, "SignatureDoesNotMatch");
            await AssertSignedAsync(unknownKey, operation, 404, "InvalidAccessKeyId.NotFound");
        }
    }

    [Fact]
    public async Task With_another_method()
    {
        foreach (var operation in table.All.DistinctBy(o => o.Path))
        {
            // A path of its own may have the shape of another one with a place in it, and then takes that one's methods too.
            var allowed = table.All.Where(o => o.Takes(Path(Dialect.Dolphin, operation))).Select(o => o.Method).ToHashSet();
            foreach (var method in Methods.Except(allowed))
            {
                foreach (var dialect in Enum.GetValues<Dialect>())
                {
                    await AssertAsync(dialect, operation with { Method = method }, 405, r =>
                    {
                        Assert.Equal(allowed, r.Header("Allow")!.Split(", ").ToHashSet());
                        Assert.True(dialect == Dialect.Cloud ? r.GatewayCode == "WrongMethod" : r.Refused(1500007) is not null);
                    }, Marked(dialect));
                }
            }
        }
    }

    [Fact]
    public async Task At_paths_that_are_none()
    {
        foreach (var operation in table.All)
        {
            foreach (var dialect in Enum.GetValues<Dialect>())
            {
                var path = Path(dialect, operation);
                foreach (var unknown in (string[])[path + "/no/such/thing/at/all", "/x" + path, path + "x/y/z/x/y/z", "/no" + path[1..]])
                {
                    Assert.DoesNotContain(table.All, o => o.Takes(unknown));
                    var reply = await SendAsync(operation.Method, unknown, Marked(dialect));
                    Check(operation, () =>
                    {
                        DialectShape.AssertAnswer(dialect, reply);
                        Assert.Equal(404, reply.Status);
                        Assert.True(dialect == Dialect.Cloud ? reply.GatewayCode == "InvalidApi.NotFound" : reply.Refused(1500006) is not null);
                    });
                }
            }
        }
    }

    /// <summary>The body is announced and never sent: it is refused before it comes.</summary>
    [Fact]
    public async Task With_a_body_that_is_too_large()
    {
        foreach (var operation in table.All)
        {
            foreach (var dialect in Enum.GetValues<Dialect>())
            {
                var reply = await SendAsync(operation.Method, Path(dialect, operation), [.. Marked(dialect), ("Content-Type", Form)], length: (4 * MiB) + 1);
                Check(operation, () =>
                {
                    DialectShape.AssertAnswer(dialect, reply);
                    Assert.Equal(413, reply.Status);
                    Assert.True(dialect == Dialect.Cloud ? reply.GatewayCode == "BodyTooLarge" : reply.Refused(1500008) is not null);
                });
            }
        }
    }

    [Fact]
    public async Task With_a_request_line_that_is_too_long()
    {
        var long_ = "?x=" + new string('x', MiB);
        foreach (var operation in table.All)
        {
            foreach (var dialect in Enum.GetValues<Dialect>())
            {
                var reply = await SendAsync(operation.Method, Path(dialect, operation) + long_, Marked(dialect));
                Check(operation, () =>
                {
                    DialectShape.AssertAnswer(dialect, reply);
                    Assert.Equal(414, reply.Status);
                    Assert.True(dialect == Dialect.Cloud ? reply.GatewayCode == "LineTooLong" : reply.Refused(1500009) is not null);
                });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task With_a_body_of_another_type(Dialect dialect)
    {
        foreach (var operation in table.All)
        {
            foreach (var type in (string?[])["text/plain", "application/xml", "application/octet-stream", "nonsense", null])
            {
                using var content = new ByteArrayContent("hello"u8.ToArray());
                if (type is not null)
                {
                    content.Headers.TryAddWithoutValidation("Content-Type", type);
                }

                var reply = await ClientOf(dialect).SendAsync(new HttpMethod(operation.Method), Path(dialect, operation), content);
                Check(operation, () =>
                {
                    DialectShape.AssertAnswer(dialect, reply);
                    Assert.Equal(415, reply.Status);
                    Assert.True(dialect == Dialect.Cloud ? reply.GatewayCode == "BadContentType" : reply.Refused(1500010) is not null);
                });
            }
        }
    }

    [Theory]
    [InlineData("?a=%")]
    [InlineData("?a=%zz")]
    [InlineData("?%ff%fe=%c0%80")]
    [InlineData("?a=%ed%a0%80")]
    [InlineData("?a=%00")]
    [InlineData("?%u4f60")]
    [InlineData("?=&&=&?#")]
    [InlineData("?pageNo=%ff&pageSize=%00&genNum=%")]
    public async Task With_broken_escapes(string query)
    {
        foreach (var operation in table.All)
        {
            var reply = await SendAsync(operation.Method, Path(Dialect.Dolphin, operation) + query, Valid());
            Check(operation, () => DialectShape.AssertAnswer(Dialect.Dolphin, reply));
            var form = await SendAsync(operation.Method, Path(Dialect.Dolphin, operation), [.. Valid(), ("Content-Type", Form)], query[1..]);
            Check(operation, () => DialectShape.AssertAnswer(Dialect.Dolphin, form));
            var signed = await SendAsync(operation.Method, Path(Dialect.Cloud, operation) + query, Marked(Dialect.Cloud));
            Check(operation, () => DialectShape.AssertAnswer(Dialect.Cloud, signed));
        }
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%zz")]
    [InlineData("%ff")]
    [InlineData("%00")]
    [InlineData("%2f..%2f")]
    [InlineData("..")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("9223372036854775808")]
    [InlineData("NaN")]
    [InlineData("你好")]
    public async Task With_something_else_in_the_places_of_the_path(string text)
    {
        foreach (var operation in table.All.Where(o => o.Path.Contains('{', StringComparison.Ordinal)))
        {
            foreach (var path in (string[])[operation.Fill(Dolphin.Workspace, text), operation.Fill(text, NoSuchId), operation.Fill(text, text)])
            {
                var reply = await SendForAnythingAsync(operation.Method, path, Valid());
                Check(operation, () =>
                {
                    if (reply is not null)
                    {
                        DialectShape.AssertAnswer(Dialect.Dolphin, reply);
                    }
                });
            }
        }
    }

    private static string Path(Dialect dialect, ServedOperation operation, Installation installation) =>
        operation.Fill(dialect == Dialect.Cloud ? installation.Key.WorkspaceId : installation.Key.ProjectCode.ToString(CultureInfo.InvariantCulture), NoSuchId);

    private string Path(Dialect dialect, ServedOperation operation) => Path(dialect, operation, Installation);

    /// <summary>Enough to show the dialect; errors that come before the signature is looked at need no more.</summary>
    private (string, string)[] Marked(Dialect dialect) => dialect == Dialect.Cloud ? [("x-acs-action", "Any")] : Valid();

    private (string, string)[] Valid() => [("token", Installation.Key.Token)];

    private HttpClient Signing(AcsCredentials credentials) => new(new SigningHandler(credentials) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = Url };

    private async Task AssertAsync(Dialect dialect, ServedOperation operation, int status, Action<Reply> check, (string, string)[] headers)
    {
        var reply = await SendAsync(operation.Method, Path(dialect, operation), headers);
        Check(operation, () =>
        {
            DialectShape.AssertAnswer(dialect, reply);
            Assert.Equal(status, reply.Status);
            check(reply);
        });
    }

    private async Task AssertSignedAsync(HttpClient client, ServedOperation operation, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), Path(Dialect.Cloud, operation));
        using var response = await client.SendAsync(request);
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var reply = new Reply((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
        Check(operation, () =>
        {
            DialectShape.AssertAnswer(Dialect.Cloud, reply);
            Assert.Equal(status, reply.Status);
            Assert.Equal(code, reply.GatewayCode);
        });
    }

    private async Task<Reply> SendAsync(string method, string target, (string, string)[] headers, string body = "", int? length = null)
    {
        var request = RawCall.Write(method, target, [("Host", Url.Authority), .. headers], body);
        return await RawCall.SendAsync(Url, length is { } announced ? Announce(request, announced) : request);
    }

    /// <summary>Null: the web server itself found the request line broken, which is no answer of ours.</summary>
    private async Task<Reply?> SendForAnythingAsync(string method, string target, (string, string)[] headers)
    {
        var (status, all, body) = await RawCall.SendForAnythingAsync(Url, RawCall.Write(method, target, [("Host", Url.Authority), .. headers]));
        Assert.InRange(status, 200, 499);
        return status == 400 && body.Length == 0 ? null : new Reply(status, all, body);
    }

    private static byte[] Announce(byte[] request, int length) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(request).Replace("Content-Length: 0", string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}"), StringComparison.Ordinal));

    private static void Check(ServedOperation operation, Action check)
    {
        try
        {
            check();
        }
        catch (Xunit.Sdk.XunitException e)
        {
            throw new Xunit.Sdk.XunitException($"{operation.Method} {operation.Path}: {e.Message}", e);
        }
    }

    /// <summary>The server's operations, asked for once.</summary>
    public sealed class Table(SharedServer shared) : IAsyncLifetime
    {
        public IReadOnlyList<ServedOperation> All { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            All = [.. (await ServedOperation.ReadAllAsync()).Where(o => o.Rpc is null)]; // those at / speak one dialect only, and have tests of their own
            Assert.True(All.Count > 50, "The table of operations is nearly empty.");
            await shared.Installation.Dolphin.CreateAsync(new Workflow().Noop("a")); // one of the calls deletes the workspace, if there is nothing in it
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
