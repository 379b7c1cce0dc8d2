using System.Globalization;
using Porpoise.Client;

namespace Porpoise.Wire.Tests.Cases;

/// <summary>Calls of StartProcessInstance that are stopped before the operation: who calls, the address, the size, the form. The other three are stopped alike.</summary>
internal static class StoppedCases
{
    private const int MiB = 1024 * 1024;
    private const string Form = "application/x-www-form-urlencoded";

    public static CaseList List { get; } = Make();

    private static CaseList Make()
    {
        var list = new CaseList("stopped");
        AddCallers(list);
        AddSignatures(list);
        AddForms(list);
        return list;
    }

    private static void AddCallers(CaseList list)
    {
        list.Add("no credentials", Expected.Stopped(400, 1500004, "IncompleteSignature"), Expected.Stopped(401, 1500004, ""), s => s.SendAsync("POST", s.StartPath, Marked(s), withToken: false));
        list.Add("an unknown token", null, Expected.Stopped(401, 1500004, ""), s => s.SendAsync("POST", s.StartPath, [("token", "not-a-token")], withToken: false));
    }

    private static void AddSignatures(CaseList list)
    {
        list.Add("an unknown access key", Expected.Stopped(404, 1500004, "InvalidAccessKeyId.NotFound"), null, s => s.SendSignedAsync(r => Sign(r, new AcsCredentials("LTAI5tUnknown", "x"))));
        list.Add("a wrong secret", Expected.Stopped(400, 1500004, "SignatureDoesNotMatch"), null, s => s.SendSignedAsync(r => Sign(r, new AcsCredentials(s.Key.AccessKeyId, new string('x', 30)))));
        list.Add("a security token that nobody issued", Expected.Stopped(400, 1500004, "InvalidSecurityToken.MismatchWithAccessKey"), null,
            s => s.SendSignedAsync(r => Sign(r, new AcsCredentials(s.Key.AccessKeyId, s.Key.AccessKeySecret, "token"))));
        list.Add("a signature of yesterday", Expected.Stopped(400, 1500004, "InvalidTimeStamp.Expired"), null, s => s.SendSignedAsync(r => Sign(r, s.Key.Credentials, age: TimeSpan.FromDays(1))));
        list.Add("another body than the signed one", Expected.Stopped(400, 1500004, "SignatureDoesNotMatch"), null, s => s.SendSignedAsync(r => Sign(r, s.Key.Credentials), body: "x=y"));
        list.Add("the same call again", Expected.Stopped(400, 1500004, "SignatureNonceUsed"), null, async s =>
        {
            AcsSignature? signature = null;
            await s.SendSignedAsync(r => signature = Sign(r, s.Key.Credentials));
            return await s.SendSignedAsync(_ => signature!);
        });
    }

    private static void AddForms(CaseList list)
    {
        list.Add("an unknown address", Expected.Stopped(404, 1500006, "InvalidApi.NotFound"), s => s.SendAsync("POST", s.StartPath + "/nothing", Marked(s)));
        list.Add("another method", Expected.Stopped(405, 1500007, "WrongMethod"), s => s.SendAsync("GET", s.StartPath, Marked(s)));
        list.Add("a body that is too large", Expected.Stopped(413, 1500008, "BodyTooLarge"), s => s.SendAsync("POST", s.StartPath, [.. Marked(s), ("Content-Type", Form)], "x=" + new string('x', 4 * MiB)));
        list.Add("a request line that is too long", Expected.Stopped(414, 1500009, "LineTooLong"), s => s.SendAsync("POST", $"{s.StartPath}?x={new string('x', MiB)}", Marked(s)));
        list.Add("headers that are too many", Expected.Stopped(431, 1500012, "HeadersTooLarge"), s => s.SendAsync(
            "POST", s.StartPath, [.. Marked(s), .. Enumerable.Range(0, 101).Select(i => (string.Create(CultureInfo.InvariantCulture, $"x-{i}"), "x"))]));
        list.Add("a body of another type", Expected.Stopped(415, 1500010, "BadContentType"), s => s.CallAsync(HttpMethod.Post, "executors/start-process-instance", Travel.Raw, [("a body", "of text")]));
        list.Add("a body that is no JSON", Expected.Unreadable, s => s.SendJsonAsync("{"));
        list.Add("a body that is no object", Expected.Unreadable, s => s.SendJsonAsync("[1]"));
        list.Add("more than 512 parameters", Expected.Unreadable, s => s.SendJsonAsync("{" + string.Join(',', Enumerable.Range(0, 600).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"p{i}\":1"))) + "}"));
        list.Add("escapes that are not UTF-8", null, Expected.Refused(10001), s => s.SendAsync("POST", s.StartPath + "?comments=%D6%D0", []));
        list.Add("a character NUL", Expected.Invalid("comments"), s => s.CallStartAsync([("processDefinitionCode", 4711), ("comments", "a\0b")]));
    }

    /// <summary>What marks a call as the cloud's. What is found before the signature is looked at needs no more.</summary>
    private static (string, string)[] Marked(Scene scene) => scene.IsCloud ? [("x-acs-action", "StartProcessInstance")] : [];

    private static AcsSignature Sign(AcsRequest request, AcsCredentials credentials, TimeSpan age = default) =>
        AcsSigner.Sign(request, credentials, TimeProvider.System.GetUtcNow() - age, Guid.NewGuid().ToString("N"));
}
