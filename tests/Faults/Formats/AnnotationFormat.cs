using System.Text;
using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;
using SkiaSharp;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Annotations of objects: COCO's and VoTT's JSON, Pascal VOC's XML, YOLO's texts.</summary>
internal sealed class AnnotationFormat : IFuzzFormat
{
    // What divides YOLO's two files in an input: the names of the classes, and the labels of an image.
    private const string Divider = "---\n";

    private static readonly Lazy<byte[]> Image = new(Draw);

    private readonly MLContext _ml = new(seed: 1);
    private readonly Func<byte[], Random, byte[]> _mutate;
    private readonly Action<MLContext, FuzzInput> _read;

    private AnnotationFormat(
        string name,
        string extension,
        Func<byte[], Random, byte[]> mutate,
        Action<MLContext, FuzzInput> read,
        params string[] corpus
    ) => (Name, Extension, _mutate, _read, Corpus) = (name, extension, mutate, read, [.. corpus.Select(Encoding.UTF8.GetBytes)]);

    public static IReadOnlyList<AnnotationFormat> All { get; } =
    [
        new("coco", ".json", TextMutation.Mutate, ReadCoco, Coco),
        new("vott", ".json", TextMutation.Mutate, ReadVott, Vott),
        new("voc", ".xml", XmlMutation.Mutate, ReadVoc, Voc, VocOfTools),
        new("yolo", ".txt", TextMutation.Mutate, ReadYolo, Yolo, YoloNumbered, YoloLines),
    ];

    public string Name { get; }

    public string Extension { get; }

    public IReadOnlyList<Type> Answers { get; } =
    [typeof(InvalidDataException), typeof(FileNotFoundException), typeof(InvalidImageException)];

    public IReadOnlyList<byte[]> Corpus { get; }

    public byte[] Mutate(byte[] input, Random random) => _mutate(input, random);

    public void Execute(FuzzInput input) => _read(_ml, input);

    private static void ReadCoco(MLContext ml, FuzzInput input)
    {
        foreach (bool masks in (bool[])[true, false])
            input.Try(
                masks ? "masks" : "boxes",
                () => SourceReading.ReadAll(ml.Data.LoadFromCoco(input.File, new() { CheckFiles = false, Masks = masks }))
            );
        input.Try(
            "clip",
            () =>
                SourceReading.ReadAll(
                    ml.Data.LoadFromCoco(input.File, new() { CheckFiles = false, InvalidBoxes = InvalidBoxHandling.Clip })
                )
        );
    }

    private static void ReadVott(MLContext ml, FuzzInput input)
    {
        foreach (InvalidBoxHandling handling in Enum.GetValues<InvalidBoxHandling>())
            input.Try(
                $"{handling}",
                () => SourceReading.ReadAll(ml.Data.LoadFromVott(input.File, new() { CheckFiles = false, InvalidBoxes = handling }))
            );
        input.Try("files", () => ml.Data.LoadFromVott(input.File));
    }

    private static void ReadVoc(MLContext ml, FuzzInput input)
    {
        string folder = Path.Combine(input.Folder, "voc"),
            annotations = Directory.CreateDirectory(Path.Combine(folder, "Annotations")).FullName;
        File.WriteAllBytes(Path.Combine(annotations, "a.xml"), input.Bytes);
        foreach (InvalidBoxHandling handling in Enum.GetValues<InvalidBoxHandling>())
            input.Try(
                $"{handling}",
                () => SourceReading.ReadAll(ml.Data.LoadFromPascalVoc(folder, new() { CheckFiles = false, InvalidBoxes = handling }))
            );
    }

    private static void ReadYolo(MLContext ml, FuzzInput input)
    {
        string folder = Path.Combine(input.Folder, "yolo"),
            image = Path.Combine(folder, "images", "a.png"),
            labels = Path.Combine(folder, "labels", "a.txt");
        if (!File.Exists(image))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(image)!);
            Directory.CreateDirectory(Path.GetDirectoryName(labels)!);
            File.WriteAllBytes(image, Image.Value);
        }
        int at = input.Bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Divider)) is >= 0 and var found ? found : input.Bytes.Length;
        File.WriteAllBytes(Path.Combine(folder, "data.yaml"), input.Bytes[..at]);
        File.WriteAllBytes(labels, input.Bytes[Math.Min(input.Bytes.Length, at + Divider.Length)..]);
        foreach (InvalidBoxHandling handling in Enum.GetValues<InvalidBoxHandling>())
            input.Try($"{handling}", () => SourceReading.ReadAll(ml.Data.LoadFromYolo(folder, new() { InvalidBoxes = handling })));
    }

    private static byte[] Draw()
    {
        using var bitmap = new SKBitmap(64, 48);
        return bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray();
    }

    private const string Coco = """
        {"info": {"year": 2017}, "images": [
          {"id": 5, "file_name": "a.jpg", "width": 20, "height": 10},
          {"id": 2, "file_name": "b.jpg", "width": 8, "height": 6}],
         "annotations": [
          {"id": 1, "image_id": 5, "category_id": 3, "bbox": [1, 2, 3.5, 4], "area": 14, "iscrowd": 0,
           "segmentation": [[1, 1, 8, 1.5, 8, 6, 1, 6], [10, 2, 14, 2, 12, 7]]},
          {"id": 2, "image_id": 2, "category_id": 1, "bbox": [0, 0, 8, 6], "iscrowd": 1,
           "segmentation": {"size": [6, 8], "counts": [5, 20, 23]}},
          {"id": 3, "image_id": 2, "category_id": 1, "bbox": [0, 0, 4, 3], "segmentation": {"counts": "05b13", "size": [6, 8]}}],
         "categories": [{"id": 1, "name": "person"}, {"id": 3, "name": "car", "supercategory": "vehicle"}]}
        """;

    private const string Vott = """
        {"name": "p", "securityToken": "t", "tags": [{"name": "cat", "color": "#00ff00"}, {"name": "dog"}],
         "assets": {
          "a1": {"asset": {"format": "jpg", "id": "a1", "name": "a.jpg", "path": "file:/photos/a%20b.jpg", "size": {"width": 40, "height": 30}},
           "regions": [{"id": "r1", "type": "RECTANGLE", "tags": ["cat"], "boundingBox": {"height": 10, "width": 12.5, "left": 1, "top": 2},
             "points": [{"x": 1, "y": 2}]}], "version": "2.2.0"},
          "a2": {"asset": {"name": "b.jpg", "path": "file:C:/b.jpg"}, "regions": []}}}
        """;

    private const string Voc = """
        <annotation>
          <folder>VOC2007</folder><filename>a.jpg</filename>
          <size><width>353</width><height>500</height><depth>3</depth></size>
          <object><name>dog</name><pose>Left</pose><truncated>1</truncated><difficult>0</difficult>
            <bndbox><xmin>48</xmin><ymin>240</ymin><xmax>195</xmax><ymax>371</ymax></bndbox></object>
          <object><name>person</name><difficult>1</difficult>
            <bndbox><xmin>8.5</xmin><ymin>12</ymin><xmax>352</xmax><ymax>498</ymax></bndbox></object>
        </annotation>
        """;

    private const string VocOfTools = """
        <?xml version="1.0" encoding="utf-8"?>
        <!-- A tool's. -->
        <annotation verified="yes"><filename>a &amp; b.png</filename><object><name><![CDATA[c<a>t]]></name>
        <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>
        """;

    private const string Yolo =
        "path: ../x\ntrain: images/train\nnc: 2\nnames: ['cat', \"dog, big\"] # two\n"
        + Divider
        + "0 0.5 0.5 0.25 0.5\n1 0.1 0.1 0.2 0.2\n";

    private const string YoloNumbered =
        "names:\n  0: cat\n  1: dog\n\nnc: 2\n" + Divider + "1 0.1 0.1 0.4 0.1 0.4 0.4 0.1 0.4\n\n0 0.5 0.5 1 1\n";

    private const string YoloLines = "names:\n- cat\n- 'dog'\n- bird\n" + Divider + "2\t0.25 0.75 1e-1 0.5\r\n";
}
