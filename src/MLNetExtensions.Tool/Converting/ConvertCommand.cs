using System.CommandLine;
using System.Globalization;
using MLNetExtensions.ModelBuilder;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Tool.Backbones;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Converting;

/// <summary>The verb convert: Model Builder's configurations.</summary>
internal static class ConvertCommand
{
    public static Command Create(Terminal terminal)
    {
        var project = new Argument<string>("project") { Description = "A configuration of ML.NET Model Builder, X.mbconfig." };
        Option<string> output = CommonOptions.Output("The file for 'mlnetx train --config'. [default: X.yaml beside it]");
        var train = new Option<bool>("--train")
        {
            Description = "Train the project as Model Builder does: write the model, its code, and the result into the configuration.",
        };
        Option<string> backbone = new("--backbone")
        {
            Description = "With --train: an ONNX file, or a name of 'mlnetx backbones list'. [default: the best at hand]",
            HelpName = "text",
        };
        Option<bool> force = CommonOptions.Force();
        var command = new Command("convert", "Makes settings for train of a Model Builder project, or trains it.")
        {
            project,
            output,
            train,
            backbone,
            force,
            CommonOptions.Verbose(),
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                ModelBuilderProject opened = Open(parsed.GetValue(project)!);
                return Task.FromResult(
                    parsed.GetValue(train)
                        ? Train(opened, parsed.GetValue(backbone), terminal, cancellation)
                        : Convert(opened, parsed.GetValue(output), parsed.GetValue(force), terminal)
                );
            }
        );
        return command;
    }

    private static int Convert(ModelBuilderProject project, string? output, bool force, Terminal terminal)
    {
        output = OutputFile.Claim(output ?? Path.ChangeExtension(project.ConfigPath, ".yaml"), force);
        var values = new SettingValues(TrainSettings.All);
        values.Set(TrainSettings.Data, project.ImageFolder);
        if (project.ValidationFolder is { } validation)
            values.Set(TrainSettings.ValidationData, validation);
        else if (project.ValidationFraction is { } fraction)
            values.Set(TrainSettings.ValidationFraction, fraction.ToString("R", CultureInfo.InvariantCulture));
        if (project.TimeLimit is { } limit)
            values.Set(TrainSettings.Time, $"{(long)limit.TotalSeconds}s");
        if (project.Seed is { } seed and > 0)
            values.Set(TrainSettings.Seed, $"{seed}");
        if (project.UsesGpu)
            values.Set(TrainSettings.Device, "gpu");
        TemporaryFile.Write(output, ConfigFile.Write(values));
        terminal.Out.WriteLine($"Converted: mlnetx train --config {output}");
        return ExitCode.Success;
    }

    private static int Train(ModelBuilderProject project, string? backbone, Terminal terminal, CancellationToken cancellation)
    {
        Training.Libtorch.Locate();
        BackboneFile file = backbone is null ? BackboneStore.Best() : BackboneStore.Find(backbone, "--backbone");
        using ModelBuilderResult result = project.Train(
            options: new ModelBuilderTrainOptions { BackboneFile = file.Path, CancellationToken = cancellation }
        );
        terminal.Out.WriteLine($"{result.Metric}: {result.Score.ToString("F4", CultureInfo.InvariantCulture)}, backbone {result.Backbone}");
        foreach (string written in result.Files)
            terminal.Out.WriteLine($"Wrote: {written}");
        return ExitCode.Success;
    }

    private static ModelBuilderProject Open(string path)
    {
        try
        {
            return ModelBuilderProject.Open(path);
        }
        catch (NotSupportedException error)
        {
            throw new UsageException(error.Message, error);
        }
    }
}
