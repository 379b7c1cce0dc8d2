using System.CommandLine;

namespace Porpoise.Commands;

/// <summary><c>porpoise completion …</c>: scripts with which shells complete the program's command lines.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _porpoise() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _porpoise porpoise
        """;

    private const string Zsh = """
        #compdef porpoise
        _porpoise() {
            local -a completions
            completions=("${(@f)$("${words[1]}" "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${completions[@]}"
        }
        compdef _porpoise porpoise
        """;

    private const string Fish = """
        function __porpoise_complete
            set -l line (commandline -cp)
            porpoise "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -f -c porpoise -a "(__porpoise_complete)"
        """;

    public static Command Create() => new("completion", "Write a script with which a shell completes commands and options")
    {
        For("bash", Bash, "eval \"$(porpoise completion bash)\" in ~/.bashrc"),
        For("zsh", Zsh, "eval \"$(porpoise completion zsh)\" in ~/.zshrc, after compinit"),
        For("fish", Fish, "porpoise completion fish > ~/.config/fish/completions/porpoise.fish"),
    };

    private static Command For(string shell, string script, string use)
    {
        var command = new Command(shell, $"For {shell}: {use}");
        command.SetAction(_ => Console.Out.WriteLine(script));
        return command;
    }
}
