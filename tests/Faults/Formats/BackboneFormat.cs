using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Scoring.Export.Opsets;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Faults.Formats;

/// <summary>ONNX files where ONNX Runtime is asked, too: backbones and their stages, conversions, sessions.</summary>
internal sealed class BackboneFormat : IFuzzFormat
{
    // Sessions of ONNX Runtime on every core do not make single inputs faster.
    private static readonly OnnxSessionSettings OneThread = new() { Threads = 1 };

    private readonly MLContext _ml = new(seed: 1);

    public string Name => "backbone";

    public string Extension => ".onnx";

    public IReadOnlyList<Type> Answers { get; } =
    [
        typeof(OnnxFormatException),
        typeof(FileNotFoundException),
        typeof(UnsupportedOpsException),
        typeof(ArgumentException),
        typeof(FormatException),
    ];

    public IReadOnlyList<byte[]> Corpus => OnnxCorpus.Networks;

    public byte[] Mutate(byte[] input, Random random) => ProtobufMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        input.Try("OpsetConversion", () => OpsetConversion.Convert(OnnxGraph.Load(input.File), 17));
        input.Try("OnnxSession", () => OnnxSession.Open(_ml, OnnxModelSource.FromFile(input.File), OneThread).Dispose());
        Backbone backbone = Backbone.FromFile(input.File);
        input.Try("Warnings", () => BackboneCut.Warnings(backbone));
        OnnxGraph cut = BackboneCut.Cut(backbone);
        input.Try("LayerStages", () => LayerStages.Find(cut));
    }
}
