using System.Globalization;

namespace Porpoise.Worker.Runners.Http;

/// <summary>What an answer must be for the task to succeed: httpCheckCondition and condition.</summary>
internal sealed record HttpCheck(string Kind, string Condition)
{
    private const string Default = "STATUS_CODE_DEFAULT";
    private const string Custom = "STATUS_CODE_CUSTOM";
    private const string Contains = "BODY_CONTAINS";
    private const string ContainsNot = "BODY_NOT_CONTAINS";
    private const int ShownMax = 200;

    /// <exception cref="JobException">It says nothing that can be checked.</exception>
    public static HttpCheck Of(Job job)
    {
        var check = new HttpCheck(job.Word("httpCheckCondition") is { Length: > 0 } kind ? kind : Default, job.Fill(job.Text("condition")));
        return check.Kind is Contains or ContainsNot && check.Condition.Length == 0 ? throw new JobException($"With {check.Kind}, condition is the text to look for; it is empty.") : check;
    }

    /// <summary>True: an answer that sends the caller on is what the task waits for.</summary>
    public bool WantsRedirect => Codes.Any(code => code is >= 300 and < 400);

    /// <summary>For people.</summary>
    public string Wish => Kind switch
    {
        Default => "status 200",
        Custom => "status " + string.Join(" or ", Codes),
        Contains => $"a body with '{Short(Condition)}'",
        _ => $"a body without '{Short(Condition)}'",
    };

    private List<int> Codes => Kind != Custom ? [] : [.. Condition.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
        .Select(static c => int.Parse(c, CultureInfo.InvariantCulture))];

    /// <summary>Null: the answer is as it should be. Otherwise what is wrong and what to do.</summary>
    public string? Fault(HttpAnswer answer) => Kind switch
    {
        Default when (int)answer.Status != 200 =>
            $"The status is {(int)answer.Status}, and the task wants 200. If {(int)answer.Status} is right, set httpCheckCondition to {Custom} and condition to {(int)answer.Status}; otherwise the answer above says what the server lacks.",
        Custom when !Codes.Contains((int)answer.Status) => $"The status is {(int)answer.Status}, and the task wants {string.Join(" or ", Codes)}. The answer above may say why.",
        Contains when answer.IsCut && !Found(answer) => $"The first {HttpAnswer.BodyMax / 1024 / 1024} MiB of the body do not hold '{Short(Condition)}', and no more of it is read.",
        Contains when !Found(answer) => $"The body does not hold '{Short(Condition)}', as the task wants.",
        ContainsNot when Found(answer) => $"The body holds '{Short(Condition)}', which the task takes for a failure.",
        ContainsNot when answer.IsCut => $"The body has more than {HttpAnswer.BodyMax / 1024 / 1024} MiB, so it cannot be said to lack '{Short(Condition)}'.",
        _ => null,
    };

    private bool Found(HttpAnswer answer) => answer.Body.Contains(Condition, StringComparison.Ordinal);

    private static string Short(string text) => text.Length <= ShownMax ? text : text[..ShownMax] + "…";
}
