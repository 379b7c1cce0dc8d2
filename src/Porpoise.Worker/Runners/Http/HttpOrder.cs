using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Porpoise.Worker.Runners.Http;

/// <summary>What an HTTP task asks for: the node's taskParams with the values of its parameters in their places.</summary>
/// <param name="Method">GET, POST and so on.</param>
/// <param name="Url">Where to; without user and password.</param>
/// <param name="Shown">The same for people: references instead of values, which may be secret.</param>
/// <param name="Headers">Of the task.</param>
/// <param name="Body">Null: none.</param>
internal sealed record HttpOrder(HttpMethod Method, Uri Url, string Shown, IReadOnlyList<KeyValuePair<string, string>> Headers, string? Body)
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>Of the body.</summary>
    public string ContentType { get; init; } = Json;

    /// <exception cref="JobException">The task asks for what cannot be sent; says what and where.</exception>
    public static HttpOrder Of(Job job)
    {
        var method = HttpMethod.Parse(job.Word("httpMethod") is { Length: > 0 } m ? m : job.Word("httpRequestMethod") is { Length: > 0 } r ? r : "GET");
        var parameters = ReadParameters(job);
        var headers = ReadHeaders(job, parameters);
        var url = UrlTemplate.Fill(job.Text("url"), job.Values);
        var shown = UrlTemplate.Show(job.Text("url"));
        var contentType = headers.FirstOrDefault(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
        var body = ReadBody(job, parameters, contentType);
        var query = parameters.Where(p => p.Place == "PARAMETER").ToList();
        if (query.Count > 0 && body is null && (method == HttpMethod.Post || method == HttpMethod.Put))
        {
            (body, contentType, query) = (UrlTemplate.Pairs(query, p => p.Value(job)), Form, []);
        }

        if (query.Count > 0)
        {
            var mark = url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            (url, shown) = ($"{url}{mark}{UrlTemplate.Pairs(query, p => p.Value(job))}", $"{shown}{mark}{string.Join('&', query.Select(q => $"{q.Name}={q.Template}"))}");
        }

        return WithoutUser(new HttpOrder(method, Parse(url), shown, [.. headers.Where(h => !h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))], body)
        {
            ContentType = contentType ?? Json,
        });
    }

    /// <summary>A request to this order's URL, or to where it was sent on; to another server without the headers of the task, which may hold credentials.</summary>
    public HttpRequestMessage ToRequest(Uri target)
    {
        var request = new HttpRequestMessage(Method, target) { Version = System.Net.HttpVersion.Version11 };
        request.Headers.UserAgent.ParseAdd("Porpoise");
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(ContentType, out var type) ? type : throw new JobException($"The header Content-Type is '{ContentType}', which is no media type.");
        }

        foreach (var (name, value) in IsSameServer(target) ? Headers : [])
        {
            if (name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.UserAgent.Clear();
            }

            if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content?.Headers.TryAddWithoutValidation(name, value) != true)
            {
                throw new JobException($"A header cannot be named '{name}' in this request.");
            }
        }

        return request;
    }

    public bool IsSameServer(Uri target) => target.Scheme == Url.Scheme && target.IdnHost == Url.IdnHost && target.Port == Url.Port;

    private static Uri Parse(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
        ? uri
        : throw new JobException("The task's url is no complete address that begins with http:// or https://. Correct it, or the values of the parameters in it.");

    /// <summary>A user and password in the URL are sent as what they mean, and shown nowhere.</summary>
    private static HttpOrder WithoutUser(HttpOrder order)
    {
        if (order.Url.UserInfo.Length == 0)
        {
            return order;
        }

        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(order.Url.UserInfo)));
        return order with
        {
            Url = new UriBuilder(order.Url) { UserName = "", Password = "" }.Uri,
            Headers = [.. order.Headers, KeyValuePair.Create("Authorization", "Basic " + credentials)],
        };
    }

    private static List<HttpParameter> ReadParameters(Job job) => [.. job.List("httpParams").Concat(job.List("httpRequestParams"))
        .Select(p => new HttpParameter(Job.Text(p, "prop"), job.Fill(Job.Text(p, "httpParametersType")).ToUpperInvariant(), Job.Text(p, "value")))];

    private static List<KeyValuePair<string, string>> ReadHeaders(Job job, List<HttpParameter> parameters)
    {
        var headers = parameters.Where(p => p.Place == "HEADERS").Select(p => KeyValuePair.Create(p.Name, p.Value(job))).ToList();
        foreach (var (name, value) in headers)
        {
            if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            {
                throw new JobException($"A header cannot be named '{name}': letters, digits and - are allowed.");
            }

            if (value.Any(c => char.IsControl(c) && c != '\t'))
            {
                throw new JobException($"The value of the header {name} holds a line break or another control character, with which it would become other headers. Correct the parameter that it comes from.");
            }
        }

        return headers;
    }

    private static string? ReadBody(Job job, List<HttpParameter> parameters, string? contentType)
    {
        if ((job.Text("httpBody") is { Length: > 0 } b ? b : job.Text("httpRequestBody")) is { Length: > 0 } template)
        {
            return BodyTemplate.Fill(template, contentType ?? Json, job.Values);
        }

        var members = parameters.Where(p => p.Place == "BODY").ToList();
        if (members.Count == 0)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in members.DistinctBy(p => p.Name))
            {
                json.WriteString(member.Name, member.Value(job));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

/// <summary>One entry of httpParams.</summary>
/// <param name="Name">Of the query's or form's field, of the body's member, or of the header.</param>
/// <param name="Place">PARAMETER, BODY or HEADERS.</param>
/// <param name="Template">What it is, with references.</param>
internal sealed record HttpParameter(string Name, string Place, string Template)
{
    public string Value(Job job) => job.Fill(Template);
}
