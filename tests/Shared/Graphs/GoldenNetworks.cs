using System.IO.Compression;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>The full-size networks of <c>tests/Golden/architectures</c>, which are packed with Brotli.</summary>
internal static class GoldenNetworks
{
    public static OnnxGraph Load(string name)
    {
        using var file = new BrotliStream(
            File.OpenRead(GoldenFiles.PathOf("architectures", name + ".onnx.br")),
            CompressionMode.Decompress
        );
        return OnnxGraph.Load(file);
    }
}
