namespace Porpoise.Worker.Attempts;

/// <summary>Some lines of a log. The next page skips <paramref name="LineCount"/> more.</summary>
/// <param name="LineCount">How many lines of the log these are.</param>
/// <param name="Text">The lines with their line ends; bytes that are no UTF-8 show as U+FFFD.</param>
public sealed record LogPage(int LineCount, string Text);
