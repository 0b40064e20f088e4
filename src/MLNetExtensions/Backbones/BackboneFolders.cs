using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.Backbones;

/// <summary>The folders in which pretrained networks are looked for by name.</summary>
public static class BackboneFolders
{
    /// <summary>
    /// The environment variable with folders that are searched first, separated as in PATH; the first is where files are added and downloaded
    /// to.
    /// </summary>
    public const string EnvironmentVariable = "MLNETX_BACKBONES";

    /// <summary>
    /// The folder that files are added and downloaded to where none is named: the first of <see cref="EnvironmentVariable"/>, or else
    /// <c>.mlnetx/backbones</c> in the user's home.
    /// </summary>
    public static string User =>
        FromVariable().FirstOrDefault()
        ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
            ".mlnetx",
            "backbones"
        );

    /// <summary>
    /// The folders that are searched, in this order: those of <see cref="EnvironmentVariable"/>, <see cref="User"/>, <c>pretrained</c> in
    /// the application's folder, and where packages put their networks there.
    /// </summary>
    public static IReadOnlyList<string> All =>
        [
            .. FromVariable()
                .Append(User)
                .Append(Path.Combine(AppContext.BaseDirectory, "pretrained"))
                .Concat(
                    BackboneCatalog
                        .BuiltIn.Select(e => e.PackageFolder)
                        .OfType<string>()
                        .Select(f => Path.Combine(AppContext.BaseDirectory, f))
                )
                .Distinct(),
        ];

    /// <summary>The path of a catalog entry's file, or null if no folder has it. The file's size is compared, not its SHA-256.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="folder">A folder that is searched before <see cref="All"/>; null: none.</param>
    public static string? FindFile(BackboneInfo entry, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return All.Prepend(folder)
            .OfType<string>()
            .Select(f => Path.GetFullPath(Path.Combine(f, entry.FileName)))
            .FirstOrDefault(path => new FileInfo(path) is { Exists: true } file && file.Length == entry.Size);
    }

    /// <summary>
    /// Copies an ONNX file into a folder of backbones and writes down what belongs to its weights, in the folder's <c>backbones.json</c>.
    /// From then on <see cref="Backbone.Catalog"/> lists it, <see cref="Backbone.FromCatalog"/> reads it by its name, and
    /// <see cref="Backbone.FromFile"/> knows the file's preprocessing wherever it lies.
    /// </summary>
    /// <param name="file">The ONNX file, with its weights inside.</param>
    /// <param name="preprocessing">The preprocessing that the network expects; null for that of the file's own metadata.</param>
    /// <param name="license">The license of the weights: an SPDX identifier if there is one.</param>
    /// <param name="name">The entry's name; null for the file's name without its extension.</param>
    /// <param name="featureNode">The name of the node or value whose output is the features; null to find the classifier by rule.</param>
    /// <param name="folder">The folder; created if missing. Null for <see cref="User"/>.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is not an ONNX model, or its inputs are not one batch of images.</exception>
    /// <exception cref="ArgumentException">
    /// The name is taken, the preprocessing is not stated anywhere, or does not fit the network, or there is no such node.
    /// </exception>
    public static BackboneInfo Add(
        string file,
        ImagePreprocessing? preprocessing,
        string license,
        string? name = null,
        string? featureNode = null,
        string? folder = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentException.ThrowIfNullOrEmpty(license);
        Backbone backbone = Backbone.FromFile(file, preprocessing, featureNode);
        if (backbone.PreprocessingSource == PreprocessingSource.Default)
            throw new ArgumentException(
                $"'{file}' does not state its preprocessing. Give it: size, channel order, scale, mean and standard deviation, as in training.",
                nameof(preprocessing)
            );
        name ??= Path.GetFileNameWithoutExtension(file);
        folder = Path.GetFullPath(folder ?? User);
        if (BackboneCatalog.Entries.Concat(FolderCatalog.Read(folder)).FirstOrDefault(e => e.Name == name) is { } taken)
            throw new ArgumentException(
                $"There is a backbone '{name}' already, of {taken.Size} bytes with the SHA-256 {taken.Sha256}. Give this one another name.",
                nameof(name)
            );
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name + ".onnx");
        if (Path.GetFullPath(file) != path)
            TemporaryFile.Write(path, part => File.Copy(file, part, overwrite: true));
        var entry = new BackboneInfo
        {
            Name = name,
            FileName = Path.GetFileName(path),
            Sha256 = FileHash.Sha256(path),
            Size = new FileInfo(path).Length,
            License = license,
            Preprocessing = backbone.Preprocessing,
            FeatureNode = featureNode,
        };
        FolderCatalog.Add(folder, entry);
        return entry;
    }

    private static string[] FromVariable() =>
        (Environment.GetEnvironmentVariable(EnvironmentVariable) ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
}
