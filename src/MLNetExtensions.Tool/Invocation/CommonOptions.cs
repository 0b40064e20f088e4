using System.CommandLine;
using System.Globalization;

namespace MLNetExtensions.Tool.Invocation;

/// <summary>The options that mean the same in all verbs.</summary>
internal static class CommonOptions
{
    /// <summary>The images that a model is measured on.</summary>
    public const string LabeledImages =
        "The images: for classes a folder with a sub-folder for each, a list, or an archive; for boxes and masks what train takes. "
        + "[default: those that the run held out]";

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

    public static Option<int?> Threads() => Number("--threads", "The number of threads. [default: the number of cores]", null, 1, 1024);

    public static Option<int?> Seed() => Number("--seed", "The seed of every random draw.", 1, 0, int.MaxValue);

    /// <summary>A whole number within limits.</summary>
    public static Option<int?> Number(string name, string description, int? standard, int least, int most)
    {
        string right = most == int.MaxValue ? $"a whole number of at least {least}" : $"a whole number from {least} to {most}";
        return new Option<int?>(name)
        {
            Description = standard is null ? description : $"{description} [default: {standard}]",
            HelpName = "n",
            CustomParser = result =>
            {
                string text = result.Tokens is [{ } token, ..] ? token.Value : "";
                if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) && n >= least && n <= most)
                    return n;
                result.AddError($"{name} is '{text}'; it must be {right}");
                return null;
            },
        };
    }

    /// <summary>A number above one limit and at most another.</summary>
    public static Option<double?> Fraction(string name, string description, double? standard)
    {
        return new Option<double?>(name)
        {
            Description = standard is null
                ? description
                : $"{description} [default: {standard.Value.ToString(CultureInfo.InvariantCulture)}]",
            HelpName = "number",
            CustomParser = result =>
            {
                string text = result.Tokens is [{ } token, ..] ? token.Value : "";
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) && n is >= 0 and < 1)
                    return n;
                result.AddError($"{name} is '{text}'; it must be a number of at least 0 and less than 1");
                return null;
            },
        };
    }
}
