using System.CommandLine;

namespace MLNetExtensions.Tool.Invocation;

/// <summary>The options that mean the same in all verbs.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write JSON, for other programs." };

    /// <summary>Read from the arguments by <see cref="CommandLine"/>, which also writes what goes wrong before a verb runs.</summary>
    public static Option<bool> Verbose() => new("--verbose") { Description = "Show the stack trace of an error." };

    public static Option<bool> Force() => new("--force") { Description = "Replace files that exist." };

    public static Option<string> Output(string description) => new("--output", "-o") { Description = description, HelpName = "path" };

    public static Option<string> Model() =>
        new("--model", "-m")
        {
            Description = "The model: a run or its folder, or a file model.zip, model.mlnet or model.onnx. [default: the newest run's]",
            HelpName = "path",
        };

    public static Option<string> Runs() => new("--runs") { Description = "The folder of runs. [default: runs]", HelpName = "path" };
}
