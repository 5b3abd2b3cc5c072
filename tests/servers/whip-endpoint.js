// SPDX-License-Identifier: GPL-3.0-or-later
// whip-endpoint.js MODULES PORT AUTHORIZATION: Eyevinn's WHIP endpoint, which prints what it sees and hears.
'use strict'
const [, , folder, port, authorization] = process.argv
process.env.API_KEY = authorization
const modules = `${folder}/node_modules`
const {WhipEndpoint} = require(`${modules}/@eyevinn/whip-endpoint`)
const factory = require(`${modules}/@eyevinn/whip-endpoint/dist/whip/whipResourceFactory`)
const {WrtcWhipResource} = require(`${modules}/@eyevinn/whip-endpoint/dist/whip/wrtc/wrtcWhipResource`)
const {RTCVideoSink, RTCAudioSink} = require(`${modules}/@koush/wrtc`).nonstandard

const say = entry => console.log(JSON.stringify(entry))

class Seen extends WrtcWhipResource {
  async beforeAnswer() {
    this.sinks = this.pc.getReceivers().map(({track}) =>
      track.kind === 'video' ? this.watch(track) : this.listen(track))
  }

  watch(track) {
    const sink = new RTCVideoSink(track)
    sink.onframe = ({frame}) => {
      const {width, height, data} = frame
      const chroma = width * height + (height >> 2) * (width >> 1) + (width >> 2)
      say({kind: 'video', time: Date.now(), width, height, y: data[(height >> 1) * width + (width >> 1)],
        u: data[chroma], v: data[chroma + (width * height >> 2)]})
    }
    return sink
  }

  listen(track) {
    const sink = new RTCAudioSink(track)
    sink.ondata = ({samples, sampleRate, channelCount}) => {
      let peak = 0
      let crossings = 0
      for (let i = 0; i < samples.length; i += channelCount) {
        peak = Math.max(peak, Math.abs(samples[i]))
        if (i >= channelCount && (samples[i] < 0) !== (samples[i - channelCount] < 0)) crossings++
      }
      say({kind: 'audio', time: Date.now(), peak, hz: crossings * sampleRate / (samples.length / channelCount) / 2})
    }
    return sink
  }

  async destroy() {
    say({kind: 'end', time: Date.now()})
    for (const sink of this.sinks || []) sink.stop()
    this.pc.close()
  }
}

factory.createWHIPResourceFromType = (type, params, offer) => new Seen(offer, [])
new WhipEndpoint({port: Number(port), interfaceIp: '127.0.0.1', enabledWrtcPlugins: ['seen']}).listen()
