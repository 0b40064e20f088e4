using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Faults.Formats;

/// <summary>
/// ONNX files with nodes that cannot be, in ONNX Runtime itself after the look through the file alone: what it says of each is an answer,
/// and its end is none.
/// </summary>
internal sealed class SessionFormat : IFuzzFormat
{
    public string Name => "session";

    public string Extension => ".onnx";

    public IReadOnlyList<Type> Answers { get; } = [typeof(OnnxFormatException), typeof(FileNotFoundException)];

    public IReadOnlyList<byte[]> Corpus => OnnxCorpus.Files;

    public byte[] Mutate(byte[] input, Random random) => NodeMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        var source = OnnxModelSource.FromFile(input.File);
        source.Check();
        // Such a file is written anew, or refused.
        if (source.HasUnnamedEnd)
            return;
        try
        {
            SessionOpening
                .OpenToExamine(
                    source,
                    options =>
                    {
                        options.IntraOpNumThreads = 1;
                        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
                    }
                )
                .Dispose();
        }
        catch (OnnxRuntimeException)
        {
            // Its own words for a file that cannot be.
        }
    }
}
