using System.CommandLine;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Help;

/// <summary>The verb completion: scripts for shells that ask the tool itself, by System.CommandLine's directive <c>[suggest]</c>.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _mlnetx() {
              local IFS=$'\n'
              COMPREPLY=($(mlnetx "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null))
              [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
              local current="${COMP_WORDS[COMP_CWORD]}"
              COMPREPLY=($(compgen -W "${COMPREPLY[*]}" -- "$current"))
            }
            complete -o default -F _mlnetx mlnetx
            """,
        ["zsh"] = """
            _mlnetx() {
              local -a found
              found=("${(@f)$(mlnetx "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -a found
              _files
            }
            compdef _mlnetx mlnetx
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName mlnetx -ScriptBlock {
                param($word, $line, $position)
                mlnetx "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or pwsh." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Prints a script for the shell's start file that completes commands and options.")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            terminal.Out.Write(Scripts[parsed.GetValue(shell)!].ReplaceLineEndings("\n") + "\n");
            return ExitCode.Success;
        });
        return command;
    }
}
