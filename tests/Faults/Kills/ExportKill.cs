using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Reports;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Trainers.Augmenting;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Kills;

/// <summary>All that is written for other programs and for people: ONNX and ORT files, cards, images, reports.</summary>
internal sealed class ExportKill : IKillKind
{
    // Fitted once a folder, so that most moments are those of writing.
    private (string Folder, FineTuneTransformer Model) _head;

    public string Name => "export";

    public bool Repeats => true;

    public string Work(KillPlace place)
    {
        MLContext ml = KillWork.Context(place);
        if (_head.Folder != place.Folder)
            _head = (place.Folder, KillWork.Head(ml, place));
        string folder = Directory.CreateDirectory(place.At("exported")).FullName;
        string At(string name) => Path.Combine(folder, name);
        _head.Model.ExportOnnx(
            At("model.onnx"),
            new OnnxExportOptions { OrtFormatPath = place.At("model.ort"), ModelCardPath = At("card.md") }
        );
        IDataView photos = KillWork.Photos(ml, place);
        ml.Vision()
            .PreviewAugmentation(
                ml.Data.TakeRows(photos, 4),
                Augment.Standard(),
                At("preview.png"),
                new() { ImageColumnName = "ImagePath" }
            );
        ml.Vision()
            .AugmentToFiles(
                ml.Data.TakeRows(photos, 6),
                Augment.Standard(),
                At("augmented"),
                new AugmentToFilesOptions
                {
                    ImageColumnName = "ImagePath",
                    LabelColumnName = null,
                    Overwrite = true,
                }
            );
        RasterImage.Load(At("preview.png")).Save(At("preview.webp"));
        ml.Vision().WriteReport(_head.Model.Transform(photos), place.At("report.html"));
        return KillWork.HashFiles(folder);
    }

    public void Read(KillPlace place)
    {
        if (!Directory.Exists(place.At("exported")))
            return;
        foreach (string file in Directory.GetFiles(place.At("exported"), "*", SearchOption.AllDirectories))
            switch (Path.GetExtension(file))
            {
                case ".onnx":
                    _ = OnnxGraph.Load(file);
                    break;
                case ".png" or ".webp" or ".jpg":
                    _ = RasterImage.Load(file);
                    break;
                case ".md" when !File.ReadAllText(file).EndsWith('\n'):
                    throw new InvalidDataException($"'{file}' is cut short.");
            }
        if (
            File.Exists(place.At("report.html"))
            && !File.ReadAllText(place.At("report.html")).TrimEnd().EndsWith("</html>", StringComparison.Ordinal)
        )
            throw new InvalidDataException("report.html is cut short.");
        if (File.Exists(place.At("report.json")))
            System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(place.At("report.json"))).Dispose();
    }
}
