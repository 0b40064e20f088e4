using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>
/// A pretrained image network to start from: the complete ONNX graph, and what belongs to its weights: preprocessing, license,
/// and the place where its features end and its classifier begins.
/// </summary>
public sealed class Backbone
{
    private Backbone(
        string name,
        OnnxGraph graph,
        ImagePreprocessing preprocessing,
        PreprocessingSource source,
        string? featureNode,
        BackboneInfo? entry
    )
    {
        Name = name;
        Graph = graph;
        Preprocessing = preprocessing;
        PreprocessingSource = source;
        FeatureNode = featureNode;
        License = entry?.License;
        LayerStages = entry?.LayerStages;
    }

    private Backbone(Backbone other, OnnxGraph graph, ImagePreprocessing preprocessing)
    {
        (Name, Graph, Preprocessing, PreprocessingSource, FeatureNode) = (
            other.Name,
            graph,
            preprocessing,
            other.PreprocessingSource,
            other.FeatureNode
        );
        (License, LayerStages) = (other.License, other.LayerStages);
    }

    /// <summary>
    /// The backbones whose preprocessing, license and SHA-256 are known: published ones, and those that <see cref="BackboneFolders.Add"/>
    /// added on this machine.
    /// </summary>
    public static IReadOnlyList<BackboneInfo> Catalog => BackboneCatalog.Entries;

    /// <summary>The name in the catalog, or else the file's name without its extension.</summary>
    public string Name { get; }

    /// <summary>The whole network, classifier included.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>The preprocessing that the network expects.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>The source of <see cref="Preprocessing"/>.</summary>
    public PreprocessingSource PreprocessingSource { get; }

    /// <summary>
    /// The name of the node or value whose output is the features; null for the input of the classifier, the last layer with weights.
    /// </summary>
    public string? FeatureNode { get; }

    /// <summary>The license of the weights if the catalog knows the file, else null.</summary>
    public string? License { get; }

    /// <summary>The catalog's groups of layers, as the beginnings of their parameters' names; null: found in the graph.</summary>
    internal IReadOnlyList<IReadOnlyList<string>>? LayerStages { get; }

    /// <summary>
    /// Reads a backbone from an ONNX file (opset 7 or newer) with one input, images of one, three or four channels in any layout. Its
    /// preprocessing is <paramref name="preprocessing"/>, or else that of the file's own metadata, or else that of the catalog's entry with
    /// the same SHA-256, or else torchvision's; <see cref="PreprocessingSource"/> says which.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="preprocessing">
    /// The preprocessing that the network expects; null to look it up. Its size may differ from the file's: convolutions take any size, and
    /// larger images show finer details.
    /// </param>
    /// <param name="featureNode">The name of the node or value whose output is the features; null to find the classifier by rule.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is not an ONNX model, or its inputs are not one batch of images.</exception>
    /// <exception cref="ArgumentException">The preprocessing does not fit the network's input, or there is no such node.</exception>
    /// <exception cref="FormatException">The preprocessing in the file's metadata cannot be read.</exception>
    public static Backbone FromFile(string path, ImagePreprocessing? preprocessing = null, string? featureNode = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxGraph graph = OnnxGraph.Load(path);
        return Create(
            Path.GetFileNameWithoutExtension(path),
            $"'{path}'",
            graph,
            preprocessing,
            featureNode,
            BackboneCatalog.FindFile(path)
        );
    }

    /// <summary>
    /// Reads a backbone of the catalog from a cache folder, or else from <see cref="BackboneFolders.All"/>. It never downloads; see
    /// <see cref="DownloadAsync"/>.
    /// </summary>
    /// <param name="name">The entry's name.</param>
    /// <param name="cacheFolder">A folder that holds the entry's file under its own name; null: none.</param>
    /// <exception cref="ArgumentException">The catalog has no such entry.</exception>
    /// <exception cref="FileNotFoundException">The file is in none of the folders; the message says how to get it.</exception>
    /// <exception cref="InvalidDataException">The file there is not the entry's file.</exception>
    public static Backbone FromCatalog(string name, string? cacheFolder = null)
    {
        BackboneInfo entry = BackboneCatalog.Find(name);
        string? own = cacheFolder is null ? null : Path.GetFullPath(Path.Combine(cacheFolder, entry.FileName));
        string? path = File.Exists(own) ? own : BackboneFolders.FindFile(entry);
        if (path is null)
        {
            if (BackboneCatalog.OpenResource(entry) is not { } resource)
                throw new FileNotFoundException(
                    $"The backbone '{entry.Name}' is not at '{own ?? Path.Combine(BackboneFolders.User, entry.FileName)}'. "
                        + entry.HowToGet(cacheFolder ?? BackboneFolders.User),
                    own
                );
            using (resource)
                return Create(entry.Name, $"The backbone '{entry.Name}'", OnnxGraph.Load(resource), null, null, entry);
        }
        if (FileHash.Sha256(path) is string hash && hash != entry.Sha256)
            throw new InvalidDataException(
                $"'{path}' is not the backbone '{entry.Name}': it has {new FileInfo(path).Length} bytes and the SHA-256 {hash}, the "
                    + $"catalog says {entry.Size} and {entry.Sha256}. "
                    + "Delete it and fetch it again, or read it with Backbone.FromFile."
            );
        return Create(entry.Name, $"'{path}'", OnnxGraph.Load(path), null, null, entry);
    }

    /// <summary>
    /// Reads the backbone that a NuGet package brings into the application's folder, such as the ImageNet ResNet-18 of
    /// <c>Microsoft.ML.DnnImageFeaturizer.ResNet18</c> (MIT): nothing is downloaded at run time.
    /// </summary>
    /// <param name="package">The package's name.</param>
    /// <exception cref="ArgumentException">The catalog has no backbone of such a package.</exception>
    /// <exception cref="FileNotFoundException">The application does not reference the package; the message says how to add it.</exception>
    /// <exception cref="InvalidDataException">The file there is not the entry's file.</exception>
    /// <example><code>
    /// Backbone backbone = Backbone.FromPackage("Microsoft.ML.DnnImageFeaturizer.ResNet18");
    /// </code></example>
    public static Backbone FromPackage(string package)
    {
        ArgumentException.ThrowIfNullOrEmpty(package);
        BackboneInfo entry =
            Catalog.FirstOrDefault(e => package.Equals(e.Package, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"The catalog has no backbone of a package '{package}'. Packages with one: "
                    + $"{string.Join(", ", Catalog.Select(e => e.Package).OfType<string>())}.",
                nameof(package)
            );
        return FromCatalog(entry.Name);
    }

    /// <summary>
    /// Reads a backbone of the catalog, and downloads its file first if it is not yet in the cache folder. A download that was interrupted
    /// or canceled resumes where it ended; the file appears in the folder only when it is complete and its SHA-256 is right.
    /// Several processes may do this at once.
    /// </summary>
    /// <param name="name">The entry's name.</param>
    /// <param name="cacheFolder">The folder for the file; created if missing. Null for <see cref="BackboneFolders.User"/>.</param>
    /// <param name="options">The download options.</param>
    /// <exception cref="ArgumentException">The catalog has no such entry.</exception>
    /// <exception cref="InvalidOperationException">The entry is not published for download.</exception>
    /// <exception cref="HttpRequestException">No mirror has the file; the message lists each mirror's answer.</exception>
    /// <exception cref="InvalidDataException">A mirror has another file; the message says both sizes or both hashes.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<Backbone> DownloadAsync(string name, string? cacheFolder = null, DownloadOptions? options = null)
    {
        BackboneInfo entry = BackboneCatalog.Find(name);
        string path = Path.GetFullPath(Path.Combine(cacheFolder ?? BackboneFolders.User, entry.FileName));
        await new BackboneDownload(entry, path, options ?? new DownloadOptions()).RunAsync().ConfigureAwait(false);
        return Create(entry.Name, $"'{path}'", OnnxGraph.Load(path), null, null, entry);
    }

    /// <summary>Makes a backbone from a graph, for example one that was built in memory.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="preprocessing">The preprocessing that it expects; null to read it from the graph's metadata, where this library's
    /// models have it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="featureNode">The name of the node or value whose output is the features; null to find the classifier by rule.</param>
    /// <exception cref="OnnxFormatException">The graph's inputs are not one batch of images.</exception>
    /// <exception cref="ArgumentException">The preprocessing does not fit the network's input, or there is no such node.</exception>
    public static Backbone FromGraph(
        OnnxGraph graph,
        ImagePreprocessing? preprocessing = null,
        string? name = null,
        string? featureNode = null
    )
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Create(name ?? graph.Name, $"The graph '{graph.Name}'", graph, preprocessing, featureNode, entry: null);
    }

    /// <summary>
    /// Adapts the backbone to images of other channels, such as gray ones. The weights of its first convolution are summed (gray instead of
    /// colors) or repeated (colors instead of gray, with the weights of the gray conversion), as in timm and fastai; the weights of a new
    /// alpha channel are zero. Both normalizations are taken into account: <see cref="Preprocessing"/> gets a mean and a standard deviation
    /// for each new channel. If the first layer is not a convolution with weights of its own, channels are converted before the network.
    /// </summary>
    /// <remarks>
    /// Gray images give the same features as before, and color images those of their gray version, if the means of all channels, in units
    /// of their standard deviations, are equal. If they differ a little, like ImageNet's, a convolution with padding sees slightly
    /// different values beyond the edge of an image; everywhere else features are equal.
    /// </remarks>
    /// <param name="channels">The channels of the images.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such channels.</exception>
    /// <example><code>
    /// Backbone gray = Backbone.FromFile("mobilenetv2.onnx").WithChannels(ImageChannelOrder.Gray);
    /// </code></example>
    public Backbone WithChannels(ImageChannelOrder channels)
    {
        if (!Enum.IsDefined(channels))
            throw new ArgumentOutOfRangeException(
                nameof(channels),
                channels,
                $"Expected {string.Join(", ", Enum.GetNames<ImageChannelOrder>())}."
            );
        if (channels == Preprocessing.Channels)
            return this;
        (OnnxGraph graph, ImagePreprocessing preprocessing) = ChannelAdaptation.Apply(Graph, Preprocessing, channels);
        return new Backbone(this, graph, preprocessing);
    }

    private static Backbone Create(
        string name,
        string source,
        OnnxGraph graph,
        ImagePreprocessing? preprocessing,
        string? featureNode,
        BackboneInfo? entry
    )
    {
        if (PreprocessingGraph.ViewCount(graph) is > 1 and int views)
            throw new OnnxFormatException(
                $"{source} scores {views} views of each image and averages them: it was exported with TestTimeAugmentation. "
                    + "Export it without, and set TestTimeAugmentation where it is trained further."
            );
        BackboneInput input = BackboneInput.Find(graph, source);
        if (featureNode is not null && !graph.Nodes.Any(n => n.Name == featureNode || n.Outputs.Contains(featureNode)))
            throw new ArgumentException($"{source} has no node and no value named '{featureNode}'.", nameof(featureNode));

        if (preprocessing is not null && ExportedModel.Is(graph) && BackboneInput.HasOwnPreprocessing(preprocessing))
            throw new ArgumentException(
                $"{source} is a model of this library, whose preprocessing is inside. Leave the preprocessing out.",
                nameof(preprocessing)
            );
        (ImagePreprocessing found, PreprocessingSource from) =
            preprocessing is not null ? (preprocessing, PreprocessingSource.Argument)
            : PreprocessingJson.Find(graph.Metadata, source) is { } stated ? (stated, PreprocessingSource.ModelMetadata)
            : entry is not null ? (entry.Preprocessing, PreprocessingSource.Catalog)
            : (input.DefaultPreprocessing(), PreprocessingSource.Default);
        if (input.Problem(found) is string problem)
            throw new ArgumentException($"{source}: {problem}", nameof(preprocessing));
        return new Backbone(entry?.Name ?? name, graph, found, from, featureNode ?? entry?.FeatureNode, entry);
    }
}
