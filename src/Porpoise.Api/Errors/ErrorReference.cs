using System.Globalization;
using System.Text;
using Porpoise.Access.Signatures;

namespace Porpoise.Api.Errors;

/// <summary>Writes docs/reference/errors.md.</summary>
public static class ErrorReference
{
    public static string Write()
    {
        var page = new StringBuilder();
        page.Append(
            """
            # Errors

            This page is written by `porpoise reference errors`; a test compares the two.

            ## Codes of the envelope

            `code` in the answer of both dialects. Below 1500000 the numbers are DolphinScheduler's (1400009 is the cloud's), from there on Porpoise's own.
            A code never changes its meaning. With a signed call, errors whose HTTP status is not 200 come as the gateway errors below.

            | code | name | HTTP | what it means | what to do |
            |---|---|---|---|---|

            """);
        foreach (var code in ErrorCodes.All.OrderBy(c => c.Number))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {code.Number} | {code.Name} | {code.HttpStatus} | {code.Text} | {code.Remedy} |\n");
        }

        page.Append(
            """

            ## Gateway errors of signed calls

            `Code` in the answer to a signed call that does not get as far as the operation, or whose parameters cannot be read.
            A parameter error names the parameter: `MissingName`, `InvalidGenNum`.

            | Code | HTTP | Message |
            |---|---|---|

            """);
        foreach (var error in GatewayError.Catalogue.OrderBy(e => e.Code, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {error.Code} | {error.HttpStatus} | {error.Message} |\n");
        }

        return page.ToString();
    }
}
