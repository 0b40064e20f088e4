using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Stories.Tests.Drawing;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>What is written over a slow line arrives whole.</summary>
public sealed class SlowDiskStory
{
    [Fact]
    public void A_graph_goes_through_a_stream_that_takes_its_time()
    {
        OnnxGraph graph = new TinyNetwork().Build(outputs: 3);
        var slow = new SlowStream();

        graph.Save(slow);
        slow.Position = 0;

        Assert.True(slow.Calls > 1);
        Assert.Equal(graph.ToBytes(), slow.ToArray());
        Assert.Equal(graph.ToBytes(), OnnxGraph.Load(slow).ToBytes());
    }

    /// <summary>Each call takes some milliseconds; a read gives a few bytes of what was asked for.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private const int Piece = 100;

        public int Calls { get; private set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Wait();
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Wait();
            base.Write(buffer);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Wait();
            return base.Read(buffer, offset, Math.Min(count, Piece));
        }

        public override int Read(Span<byte> buffer)
        {
            Wait();
            return base.Read(buffer[..Math.Min(buffer.Length, Piece)]);
        }

        private void Wait()
        {
            Calls++;
            Thread.Sleep(2);
        }
    }
}
