using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// Images with their boxes a second on one core: the blood cells of BCCD, 320 x 240 pixels with 14 boxes on average, by the policy for
/// detection to a letterbox of 320 x 320.
/// </summary>
internal static class BoxAugmentationSpeed
{
    private const int Size = 320,
        Rounds = 7;

    /// <summary>Decoded image and boxes to augmented ones: torchvision's time / ours.</summary>
    public static double? Alone()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            Process.GetCurrentProcess().ProcessorAffinity = 1;
        string list = SharedData.PathOf("data", "bccd", "train.json");
        (RasterImage Image, ImageBox[] Boxes)[] rows = Read(list);
        using var peer = new PythonPeer("augment_boxes.py", list);
        var augmenter = new LabeledAugmenter(Augment.ForDetection(), Size, Size, seed: 1);
        var boxes = new BoxSet();
        byte[] target = new byte[augmenter.OutputSize];
        int epoch = 0;
        return 1 / PairedTimes.Ratio(Ours, () => peer.AskNumber("boxes 100"), Rounds, warmups: 5);

        double Ours()
        {
            long started = Stopwatch.GetTimestamp();
            for (int row = 0; row < rows.Length; row++)
            {
                (RasterImage image, ImageBox[] objects) = rows[row];
                boxes.Clear();
                foreach (ImageBox box in objects)
                    boxes.Add(box);
                augmenter.Apply(image.Planes, image.Width, image.Height, epoch, row, target, boxes);
            }
            epoch++;
            return Stopwatch.GetElapsedTime(started).TotalSeconds / rows.Length;
        }
    }

    private static (RasterImage Image, ImageBox[] Boxes)[] Read(string list)
    {
        IDataView view = new MLContext(1).Data.LoadFromCoco(list);
        return
        [
            .. view.GetColumn<string>("ImagePath")
                .Zip(
                    view.GetColumn<float[]>("BoundingBoxes"),
                    (path, edges) =>
                        (RasterImage.Load(path), edges.Chunk(4).Select(box => new ImageBox(box[0], box[1], box[2], box[3])).ToArray())
                ),
        ];
    }
}
