using System.Text;
using Microsoft.ML;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Lists of images: CSV, TSV, JSON, JSON Lines.</summary>
internal sealed class ListFormat : IFuzzFormat
{
    private readonly MLContext _ml = new(seed: 1);

    private ListFormat(string name, params string[] corpus) => (Name, Corpus) = (name, [.. corpus.Select(Encoding.UTF8.GetBytes)]);

    public static IReadOnlyList<ListFormat> All { get; } =
    [
        new(
            "csv",
            "ImagePath,Label,Photographer\na.jpg,cat,Ann\n\"b,c.jpg\",\"d\"\"og\",\r\nfile:///x/y.jpg,cat,Bob\n",
            "sep=;\nImagePath;Label\na.jpg;cat\nb\\c.jpg;dog\n"
        ),
        new("tsv", "ImagePath\tLabel\na.jpg\tcat\nb.jpg\tdog\n"),
        new(
            "json",
            """[{"ImagePath": "a.jpg", "Label": "cat", "Size": 12}, {"ImagePath": "b.jpg", "Label": "d\u00f6g", "Tags": [1, {"x": null}]}]"""
        ),
        new("jsonl", "{\"ImagePath\": \"a.jpg\", \"Label\": \"cat\"}\n{\"ImagePath\": \"b.jpg\", \"Label\": 7}\n"),
    ];

    public string Name { get; }

    public string Extension => "." + Name;

    public IReadOnlyList<Type> Answers { get; } = [typeof(InvalidDataException), typeof(FileNotFoundException)];

    public IReadOnlyList<byte[]> Corpus { get; }

    public byte[] Mutate(byte[] input, Random random) =>
        Name.StartsWith("json", StringComparison.Ordinal) ? TextMutation.Mutate(input, random) : ByteMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        foreach (bool hasHeader in (bool[])[true, false])
            input.Try(
                hasHeader ? "header" : "no header",
                () =>
                    SourceReading.ReadAll(
                        _ml.Data.LoadFromImageList(
                            input.File,
                            new()
                            {
                                HasHeader = hasHeader,
                                CheckFiles = false,
                                ImageColumn = hasHeader ? "ImagePath" : "0",
                                LabelColumn = hasHeader ? "Label" : "1",
                            }
                        )
                    )
            );
    }
}
