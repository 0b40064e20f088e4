using System.CommandLine;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Predicting.Dense;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>The verb predict.</summary>
internal static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var images = new Argument<string[]>("images")
        {
            Description = "Image files, and folders of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> model = CommonOptions.Model(),
            runs = CommonOptions.Runs(),
            output = CommonOptions.Output("The file for the predictions: .csv, .json or .jsonl. [default: the terminal, as CSV]");
        var top = CommonOptions.Number("--top-k", "The number of classes to give for each image, the most probable first.", 1, 1, 1000);
        var draw = new Option<string>("--draw")
        {
            Description = "Draw the boxes or masks over each image, into PNG files of this folder.",
            HelpName = "folder",
        };
        var masks = new Option<string>("--write-masks")
        {
            Description = "Write the mask of each image, a gray PNG file of class indices, into this folder.",
            HelpName = "folder",
        };
        Option<double?> leastScore = CommonOptions.Fraction(
            "--min-score",
            "The lowest score of the objects to give.",
            DensePrediction.DefaultLeastScore
        );
        var copy = new Option<string>("--copy-to")
        {
            Description = "Copy each image into a sub-folder of this folder, named after its class.",
            HelpName = "folder",
        };
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json(),
            force = CommonOptions.Force();
        var command = new Command(
            "predict",
            "Classifies images, or finds their objects or the classes of their pixels: what the model was trained for."
        )
        {
            images,
            model,
            output,
            top,
            copy,
            draw,
            masks,
            leastScore,
            force,
            json,
            threads,
            runs,
            CommonOptions.Verbose(),
        };
        command.SetAction(
            (parsed, cancellation) =>
                PredictJob.RunAsync(
                    new PredictRequest
                    {
                        Images = parsed.GetValue(images)!,
                        Model = parsed.GetValue(model),
                        Runs = parsed.GetValue(runs),
                        Output = parsed.GetValue(output),
                        Json = parsed.GetValue(json),
                        Top = parsed.GetValue(top),
                        Draw = parsed.GetValue(draw),
                        Masks = parsed.GetValue(masks),
                        LeastScore = parsed.GetValue(leastScore),
                        CopyTo = parsed.GetValue(copy),
                        Force = parsed.GetValue(force),
                        Threads = parsed.GetValue(threads),
                    },
                    terminal,
                    cancellation
                )
        );
        return command;
    }
}
