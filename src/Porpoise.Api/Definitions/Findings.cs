using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>All that is wrong with a definition, so that one answer says everything: a line for each, and the first one's code.</summary>
internal sealed class Findings
{
    private readonly List<(ErrorCode Code, string Text)> _found = [];

    /// <summary>True: a part could not be read, so that nothing can be said about the whole.</summary>
    public bool IsBroken { get; private set; }

    public void Missing(string place) => AddBroken(place, "It is missing.");

    public void Invalid(string place, string takes) => AddBroken(place, $"It takes {takes}.");

    /// <summary>Something that would change what runs, and that this version cannot do.</summary>
    public void NotHonoured(string place, params ReadOnlySpan<string> neutral) => Add(ErrorCodes.NotHonoured, place, Parameters.NotHonoured("this", neutral).Message);

    public void Add(Offence offence) => Add(CodeOf(offence.Kind), offence.Place, offence.Message);

    /// <exception cref="RefusalException">There is anything.</exception>
    public void Throw()
    {
        if (_found.Count > 0)
        {
            throw new RefusalException(_found[0].Code, string.Join('\n', _found.Select(f => f.Text)));
        }
    }

    private static ErrorCode CodeOf(OffenceKind kind) => kind switch
    {
        OffenceKind.Empty => ErrorCodes.EmptyDefinition,
        OffenceKind.Cycle => ErrorCodes.Cycle,
        OffenceKind.UnknownQueue => ErrorCodes.QueueNotFound,
        OffenceKind.UnknownEnvironment => ErrorCodes.EnvironmentNotFound,
        OffenceKind.UnknownDataSource => ErrorCodes.DataSourceNotFound,
        OffenceKind.BadSchedule => ErrorCodes.BadSchedule,
        _ => ErrorCodes.BadDefinition,
    };

    private void AddBroken(string place, string text)
    {
        IsBroken = true;
        Add(ErrorCodes.BadDefinition, place, text);
    }

    private void Add(ErrorCode code, string place, string text)
    {
        _found.Add((code, $"{place}: {text}"));
        if (_found.Count == WorkflowValidation.OffencesMax)
        {
            _found.Add((code, string.Create(CultureInfo.InvariantCulture, $"There may be more; the first {WorkflowValidation.OffencesMax} are listed.")));
            Throw();
        }
    }
}
