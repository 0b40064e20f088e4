using System.Text.Json;
using MLNetExtensions.Backbones;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Catalogs of backbones: <c>backbones.json</c> of a folder, in the format of the library's own.</summary>
internal sealed class CatalogFormat : IFuzzFormat
{
    private const string Small = """
        {
          "preprocessings": {
            "torch": {"width":224,"height":224,"resizeMode":"cropCenter","interpolation":"standard","cropFraction":0.875,"channels":"rgb",
              "channelsLast":false,"scale":0.003921569,"mean":[0.485,0.456,0.406],"standardDeviation":[0.229,0.224,0.225]},
            "gray": {"width":28,"height":28,"channels":"gray"}
          },
          "backbones": [
            {"name":"a","file":"a.onnx","sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","size":12,"license":"MIT",
              "preprocessing":"torch","featureNode":null,"layerStages":[["conv1","bn1"],["layer1"]],"uris":["https://example.org/a.onnx"]},
            {"name":"b","file":"b.onnx","sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","size":13,"license":"MIT",
              "preprocessing":"gray"}
          ]
        }
        """;

    public string Name => "catalog";

    public string Extension => ".json";

    public IReadOnlyList<Type> Answers { get; } = [typeof(FormatException)];

    public IReadOnlyList<byte[]> Corpus { get; } =
    [System.Text.Encoding.UTF8.GetBytes(Small), JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<JsonElement>(Small))];

    public byte[] Mutate(byte[] input, Random random) => TextMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        File.WriteAllBytes(Path.Combine(input.Folder, FolderCatalog.FileName), input.Bytes);
        foreach (BackboneInfo entry in FolderCatalog.Read(input.Folder))
        {
            _ = BackboneFolders.FindFile(entry, input.Folder);
            _ = entry.HowToGet(input.Folder) + entry.HowToCopy(input.Folder);
        }
    }
}
