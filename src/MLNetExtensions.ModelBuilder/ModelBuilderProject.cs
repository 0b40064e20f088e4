using System.Text.Json;
using Microsoft.ML;
using MLNetExtensions.ModelBuilder.Configuration;
using MLNetExtensions.ModelBuilder.Training;

namespace MLNetExtensions.ModelBuilder;

/// <summary>
/// An image classification project of ML.NET Model Builder: the configuration <c>X.mbconfig</c> (versions 0 to 5), and the files beside it
/// that Model Builder generates and programs use: the model, <c>X.consumption.cs</c> and <c>X.training.cs</c>.
/// </summary>
/// <example><code>
/// ModelBuilderProject project = ModelBuilderProject.Open("MLModel1.mbconfig");
/// using ModelBuilderResult result = project.Train(options: new ModelBuilderTrainOptions { BackboneFile = "mobilenetv2.onnx" });
/// Console.WriteLine($"{result.Metric}: {result.Score:P1}");
/// </code></example>
public sealed class ModelBuilderProject
{
    internal const double DefaultValidationFraction = 0.2;

    private readonly Config _config;

    private ModelBuilderProject(string path, Config config)
    {
        (ConfigPath, _config) = (path, config);
        (Folder, Name) = (Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path));
    }

    /// <summary>The configuration, as a full path.</summary>
    public string ConfigPath { get; }

    /// <summary>The folder of the configuration, where all files are written.</summary>
    public string Folder { get; }

    /// <summary>The name of the configuration, without its extension; X in the names of the other files.</summary>
    public string Name { get; }

    /// <summary>The version of the configuration, 0 to 5. It decides the form of everything that is written.</summary>
    public int Version => _config.Version;

    /// <summary>
    /// The folder of the images, one sub-folder per class: the configuration's FolderPath, or, if there is no such folder, the longest end
    /// of it that exists beside the configuration or one folder up.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public string ImageFolder => Find(_config.FolderPath, nameof(ModelBuilderTrainOptions.ImageFolder));

    /// <summary>The folder of the validation images, found like <see cref="ImageFolder"/>; null if a part of the images is used.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public string? ValidationFolder =>
        _config.ValidationPath is { } path ? Find(path, nameof(ModelBuilderTrainOptions.ValidationFolder)) : null;

    /// <summary>The fraction of the images to validate with; null if there is a <see cref="ValidationFolder"/>.</summary>
    public double? ValidationFraction => _config.ValidationFraction;

    /// <summary>The longest time of training; null for no limit.</summary>
    public TimeSpan? TimeLimit => _config.TimeLimit;

    /// <summary>True to train on a part of a large set (<see cref="ModelBuilderTrainOptions.SubsampleSize"/>).</summary>
    public bool Subsampling => _config.Subsampling;

    /// <summary>The metric that is measured and written into the configuration.</summary>
    public ModelBuilderMetric Metric => _config.Metric;

    /// <summary>The seed of all random draws; null if the configuration has none.</summary>
    public int? Seed => _config.Seed;

    /// <summary>True if the environment is the local GPU.</summary>
    public bool UsesGpu => _config.UsesGpu;

    /// <summary>
    /// The namespace of the generated code: that of the present <c>X.consumption.cs</c>; else from the name of the project file in the
    /// folder, as Model Builder makes it. Empty for the global one.
    /// </summary>
    public string CodeNamespace => Code.CodeNamespace.Find(ConsumptionPath, Code.CodeNamespace.Identifier(Name));

    /// <summary>The model's file: <c>X.mlnet</c>, up to version 3 <c>X.zip</c>.</summary>
    public string ModelPath => Beside(Version >= 4 ? "mlnet" : "zip");

    /// <summary>The file of the input and output classes and of prediction.</summary>
    public string ConsumptionPath => Beside("consumption.cs");

    /// <summary>The file that trains the pipeline again.</summary>
    public string TrainingPath => Beside("training.cs");

    /// <summary>The pretrained network that <see cref="TrainingPath"/> starts from.</summary>
    public string BackbonePath => Beside("backbone.onnx");

    /// <summary>The model's path as the configuration keeps it: relative from version 5 on, before that absolute, unless it was relative.</summary>
    internal string SavedModelPath =>
        Version >= 5 || (_config.ModelPath is { } path && !ConfigPaths.IsAbsolute(path)) ? Path.GetFileName(ModelPath) : ModelPath;

    /// <summary>Opens a configuration.</summary>
    /// <param name="path">The <c>.mbconfig</c> file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is not a configuration, or says something impossible.</exception>
    /// <exception cref="NotSupportedException">The configuration or a part of it is newer than what is known (the message names version
    /// and type), or it is not of image classification from a folder.</exception>
    public static ModelBuilderProject Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no configuration '{path}'. Choose a project's .mbconfig file.", path);
        return new ModelBuilderProject(path, Config.Read(ReadText(path), path));
    }

    /// <summary>
    /// Trains the project, and writes the model, both generated files, the backbone, and the trial into the configuration, where all
    /// else stays byte for byte. Nothing is written if anything fails.
    /// </summary>
    /// <param name="context">The context, with its seed, log and GPU settings; null for one with the configuration's seed and
    /// environment, which trains on the processor if there is no GPU.</param>
    /// <param name="options">The settings that the configuration does not have; null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">A folder of images is missing, or has no sub-folders.</exception>
    /// <exception cref="Imaging.InvalidImageException">More images are unreadable than the options allow; the message names them.</exception>
    /// <exception cref="InvalidDataException">Validation images are of a class without training images.</exception>
    /// <exception cref="NotSupportedException">The configuration was replaced by one that is not supported.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled before the first epoch.</exception>
    /// <exception cref="TimeoutException">The time limit ended before the first epoch.</exception>
    public ModelBuilderResult Train(MLContext? context = null, ModelBuilderTrainOptions? options = null)
    {
        options ??= new ModelBuilderTrainOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SubsampleSize, 1, nameof(options.SubsampleSize));
        context ??= new MLContext(Seed) { GpuDeviceId = UsesGpu ? 0 : null, FallbackToCpu = true };
        return new ProjectRun(context, this, options).Run();
    }

    /// <summary>The configuration as it is on the disk now, with a trial.</summary>
    internal byte[] ConfigWith(Trial trial)
    {
        ConfigText text = ReadText(ConfigPath);
        TrialWriter.Write(text, Config.Read(text, ConfigPath).Version, trial);
        return text.Bytes;
    }

    private static ConfigText ReadText(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0)
            throw new FormatException(
                $"'{path}' is empty: nothing was chosen in Model Builder yet. Choose a scenario and a folder of images."
            );
        try
        {
            return new ConfigText(bytes);
        }
        catch (JsonException e)
        {
            throw new FormatException(
                $"'{path}' is not a Model Builder configuration: {e.Message} Restore it, or choose the .mbconfig file.",
                e
            );
        }
    }

    private string Beside(string extension) => Path.Combine(Folder, $"{Name}.{extension}");

    private string Find(string path, string option) =>
        ConfigPaths.FindFolder(path, Folder)
        ?? throw new DirectoryNotFoundException(
            $"'{ConfigPath}' names the folder '{path}', which is not on this machine, and no end of it is beside the configuration. "
                + $"Write another path into the file, or set {option}."
        );
}
