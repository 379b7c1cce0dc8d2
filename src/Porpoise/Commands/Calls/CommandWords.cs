using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Client;

namespace Porpoise.Commands.Calls;

/// <summary>Refusals in the words of the command line, where the server's name parameters of the API: what would be right there is typed otherwise here.</summary>
internal static class CommandWords
{
    public static bool IsFor(this PorpoiseException e, ErrorCode code) => e.Code == code.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same refusal, which says something else to people.</summary>
    public static PorpoiseException Saying(this PorpoiseException e, string message) =>
        new(e.Code, message, e) { HttpStatus = e.HttpStatus, RequestId = e.RequestId, DeniedAction = e.DeniedAction, DiagnosticMessage = e.DiagnosticMessage };
}
