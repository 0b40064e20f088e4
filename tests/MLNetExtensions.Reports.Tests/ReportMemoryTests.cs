using Microsoft.ML;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Reports.Tests;

[Collection(Alone.Name)]
public class ReportMemoryTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Ten_thousand_rows_need_little_memory()
    {
        using var rows = new DrawnScores(10_000);
        string path = Path.Combine(rows.Folder, "report.html");
        IDataView scored = rows.View(_ml);
        _ml.Vision().WriteReport(rows.View(_ml, rows.Rows.Take(50)), path);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        HtmlReport report = _ml.Vision().WriteReport(scored, path);

        // Of scores, labels and ids; 500 images of at most 230 KB decoded; the page.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 400L << 20);
        Assert.InRange(new FileInfo(report.Path).Length, 0, 6L << 20);
    }
}
