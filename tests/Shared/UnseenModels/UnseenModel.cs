namespace MLNetExtensions.UnseenModels;

/// <summary>
/// A kind of ONNX image network: the graph as one exporter writes it, with drawn weights, and what a user may do with it. Kinds differ in
/// the form of their graph; their weights mean nothing.
/// </summary>
/// <param name="Name">The exporter and its habit, such as <c>torch11-shuffle-batch1</c>.</param>
/// <param name="Draw">Draws the graph into a draft.</param>
internal sealed record UnseenModel(string Name, Action<ModelDraft> Draw)
{
    private static readonly UnseenStep[] Training = [UnseenStep.LastStages, UnseenStep.AllLayers];

    /// <summary>The kinds, those of one exporter side by side.</summary>
    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        .. Exporters.TorchScriptModels.All,
        .. Exporters.TorchTransformers.All,
        .. Exporters.TorchTails.All,
        .. Exporters.TorchDynamoModels.All,
        .. Exporters.TensorFlowModels.All,
        .. Exporters.OlderExporters.All,
        .. Exporters.QuantizedModels.All,
        .. Exporters.OptimizedModels.All,
        .. Exporters.OddInputs.All,
        .. Exporters.OddWeights.All,
    ];

    /// <summary>The width and height of its images.</summary>
    public int Side { get; init; } = 32;

    /// <summary>The channels of its images: 1, 3 or 4.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Whether the network takes values of 0 to 255, as the user then says in the preprocessing.</summary>
    public bool IsNormalizedInside { get; init; }

    /// <summary>
    /// The number of values that a new head must read: that of the layer before the classifier. Null where the graph has no classifier.
    /// </summary>
    public int? Features { get; init; }

    /// <summary>How far scores may be from ONNX Runtime's, relative to 1 or to the largest of a row.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>
    /// Draws the network as it is meant to score, where the file says otherwise (BatchNormalization in training mode): scores may be its
    /// values instead of the file's own. Null: the file's own.
    /// </summary>
    public Action<ModelDraft>? Inference { get; init; }

    /// <summary>The least part of the backbone's weights that training all layers must change.</summary>
    public double Trainable { get; init; } = 0.7;

    /// <summary>Steps that must end with an exception of this library, and what its message must say (a regular expression).</summary>
    public IReadOnlyDictionary<UnseenStep, string> Refused { get; init; } = new Dictionary<UnseenStep, string>();

    /// <summary>Steps that must warn (in the result or in the log) or refuse, and what is said (a regular expression).</summary>
    public IReadOnlyDictionary<UnseenStep, string> Warned { get; init; } = new Dictionary<UnseenStep, string>();

    /// <summary>
    /// Steps that may work, or end with an exception of this library or a warning, and what is said then (a regular expression).
    /// </summary>
    public IReadOnlyDictionary<UnseenStep, string> Tolerated { get; init; } = new Dictionary<UnseenStep, string>();

    /// <summary>A kind whose layers cannot be trained: fine-tuning them is refused or warned of, the head alone works.</summary>
    /// <param name="message">What must be said: the operator as a rule.</param>
    public UnseenModel Untrainable(string message) => this with { Warned = Training.ToDictionary(step => step, _ => message) };

    /// <summary>A kind whose layers need not be trainable, but if not, that is said.</summary>
    /// <param name="message">What must be said: the operator as a rule.</param>
    public UnseenModel MayBeUntrainable(string message) => this with { Tolerated = Training.ToDictionary(step => step, _ => message) };

    /// <summary>A kind whose channels no part of which can be taken out: attention, or weights that are no plain initializers.</summary>
    public UnseenModel Unprunable() =>
        this with
        {
            Refused = new Dictionary<UnseenStep, string>(Refused) { [UnseenStep.Prune] = "no channels|cannot be met" },
        };

    /// <summary>Draws its graph; equal seeds give equal files.</summary>
    public ModelDraft Create(int seed = 1) => Create(Draw, seed);

    /// <summary>Draws <see cref="Inference"/> with the weights of <see cref="Draw"/>.</summary>
    public ModelDraft? CreateInference(int seed = 1) => Inference is null ? null : Create(Inference, seed);

    private ModelDraft Create(Action<ModelDraft> draw, int seed)
    {
        var draft = new ModelDraft(Name.Aggregate(seed, (hash, letter) => unchecked((hash * 31) + letter)));
        draw(draft);
        return draft;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
