using System.CommandLine;
using Porpoise.Api.Errors;

namespace Porpoise.Commands;

/// <summary><c>porpoise reference errors</c>: writes a page of the reference from the code.</summary>
internal static class ReferenceCommand
{
    public static Command Create()
    {
        var errors = new Command("errors", "The page docs/reference/errors.md");
        errors.SetAction(_ => Console.Out.Write(ErrorReference.Write()));
        return new Command("reference", "Write reference pages from the code to standard output") { errors };
    }
}
